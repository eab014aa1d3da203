/** python-tuf 7.0.1's own tests of its updater, and what each says of our client (tuf-updater.test.ts holds it). */

/** Test names by module and class. */
type Cases = { readonly [of: string]: readonly string[] }

/** The client does what the test asks for. */
export const passed: Cases = {
  'consistent_snapshot.TestConsistentSnapshot': [
    'test_download_targets [consistent_snaphot disabled]',
    'test_download_targets [consistent_snaphot enabled with prefixed targets]',
    'test_top_level_roles_update [consistent_snaphot disabled]',
    'test_top_level_roles_update [consistent_snaphot enabled]',
  ],
  'delegation_graphs.TestTargetFileSearch': ['test_targetfile_search [no delegations]'],
  'fetch_target.TestFetchTarget': [
    'test_fetch_target [standard case]',
    'test_fetch_target [non-asci case]',
    'test_fetch_target [subdirectory case]',
    'test_invalid_target_cache',
    'test_invalid_target_download',
  ],
  'key_rotations.TestUpdaterKeyRotations': [
    'test_non_root_rotations [1-of-1 key rotation]',
    'test_non_root_rotations [1-of-1 key rotation, unused signatures]',
    'test_non_root_rotations [1-of-1 key rotation fail: not signed with new key]',
    'test_non_root_rotations [3-of-5, one key signature wrong: not signed with 3 expected keys]',
    'test_non_root_rotations [2-of-5, one key signature missing: threshold not reached]',
    'test_non_root_rotations [3-of-5, sign first combo]',
    'test_non_root_rotations [3-of-5, sign second combo]',
    'test_non_root_rotations [3-of-5, sign third combo]',
    'test_non_root_rotations [3-of-5, sign fourth combo]',
    'test_non_root_rotations [3-of-5, sign fifth combo]',
    'test_root_rotation [1-of-1 key rotation]',
    'test_root_rotation [1-of-1 key rotation, unused signatures]',
    'test_root_rotation [1-of-1 key rotation fail: not signed with old key]',
    'test_root_rotation [1-of-1 key rotation fail: not signed with new key]',
    'test_root_rotation [3-of-5, sign with different keycombos]',
    'test_root_rotation [3-of-5, one key rotated]',
    'test_root_rotation [3-of-5, one key rotate fails: not signed with 3 new keys]',
    'test_root_rotation [3-of-5, one key rotate fails: not signed with 3 old keys]',
    'test_root_rotation [3-of-5, one key rotated, with intermediate step]',
    'test_root_rotation [3-of-5, all keys rotated, with intermediate step]',
    'test_root_rotation [1-of-3 threshold increase to 2-of-3]',
    'test_root_rotation [1-of-3 threshold bump to 2-of-3 fails: new threshold not reached]',
    'test_root_rotation [2-of-3 threshold decrease to 1-of-3]',
    'test_root_rotation [2-of-3 threshold decr. to 1-of-3 fails: old threshold not reached]',
    'test_root_rotation [1-of-2 threshold increase to 2-of-2]',
  ],
  'ng.TestUpdater': ['test_updating_root'],
  'top_level_update.TestRefresh': [
    'test_cached_root_missing_without_bootstrap',
    'test_compute_metafile_hashes_length',
    'test_expired_metadata',
    'test_expired_timestamp_snapshot_rollback',
    'test_expired_timestamp_version_rollback',
    'test_final_root_expired',
    'test_final_root_incorrectly_signed',
    'test_first_time_refresh',
    'test_intermediate_root_expired',
    'test_intermediate_root_incorrectly_signed',
    'test_max_metadata_lengths',
    'test_new_root_nonconsecutive_version',
    'test_new_root_same_version',
    'test_new_snapshot_expired',
    'test_new_snapshot_fast_forward_recovery',
    'test_new_snapshot_hash_mismatch',
    'test_new_snapshot_unsigned',
    'test_new_snapshot_version_mismatch',
    'test_new_snapshot_version_rollback',
    'test_new_targets_expired',
    'test_new_targets_fast_forward_recovery',
    'test_new_targets_hash_mismatch',
    'test_new_targets_unsigned',
    'test_new_targets_version_mismatch',
    'test_new_timestamp_expired',
    'test_new_timestamp_fast_forward_recovery',
    'test_new_timestamp_snapshot_rollback',
    'test_new_timestamp_unsigned',
    'test_new_timestamp_version_rollback',
    'test_snapshot_rollback_with_local_snapshot_hash_mismatch',
    'test_timestamp_eq_versions_check',
    'test_trusted_root_expired',
    'test_trusted_root_unsigned_without_bootstrap',
  ],
  'validation.TestUpdater': ['test_non_existing_metadata_dir'],
}

/** It does; which of its local files python-tuf opens, which the test asks too, was not looked at. */
export const inPart: Cases = { 'top_level_update.TestRefresh': ['test_intermediate_root_cache'] }

/** The test came to what our client does not do, by the reason that tools/python-tuf/judge.py gives. */
export const outside: { readonly [reason: string]: { readonly why: string; readonly cases: Cases } } = {
  delegations: {
    why: "Sigstore's repositories name their files at the top; delegations are not followed, and what only they name is not there",
    cases: {
      'consistent_snapshot.TestConsistentSnapshot': [
        'test_delegated_roles_update [consistent_snaphot disabled]',
        'test_delegated_roles_update [consistent_snaphot enabled]',
      ],
      'delegation_graphs.TestDelegationsGraphs': [
        'test_graph_traversal [basic delegation]',
        'test_graph_traversal [single level delegations]',
        'test_graph_traversal [two-level delegations]',
        'test_graph_traversal [two-level test DFS order of traversal]',
        'test_graph_traversal [three-level delegation test DFS order of traversal]',
        "test_graph_traversal [two-level terminating ignores all but role's descendants]",
        "test_graph_traversal [three-level terminating ignores all but role's descendants]",
        "test_graph_traversal [two-level ignores all branches not matching 'paths']",
        "test_graph_traversal [three-level ignores all branches not matching 'paths']",
        'test_graph_traversal [cyclic graph]',
        'test_graph_traversal [two roles delegating to a third]',
        "test_graph_traversal [two roles delegating to a third different 'paths']",
        'test_graph_traversal [max number of delegations]',
        'test_hash_bins_graph_traversal [delegations]',
        'test_invalid_metadata [unsigned delegated role]',
        'test_safely_encoded_rolenames',
        'test_shared_delegation_signature_check',
        'test_succinct_roles_graph_traversal [bin amount = 2, target bin index 0]',
        'test_succinct_roles_graph_traversal [bin amount = 2, target bin index 1]',
        'test_succinct_roles_graph_traversal [bin amount = 4, target bin index 0]',
        'test_succinct_roles_graph_traversal [bin amount = 4, target bin index 1]',
        'test_succinct_roles_graph_traversal [bin amount = 4, target bin index 2]',
        'test_succinct_roles_graph_traversal [bin amount = 4, target bin index 3]',
        'test_succinct_roles_graph_traversal [bin amount = 256, target bin index fc]',
      ],
      'delegation_graphs.TestTargetFileSearch': [
        'test_targetfile_search [targetpath matches wildcard]',
        'test_targetfile_search [targetpath with separators x]',
        'test_targetfile_search [targetpath with separators y]',
        'test_targetfile_search [targetpath is not delegated by all roles in the chain]',
      ],
      'fetch_target.TestFetchTarget': ['test_download_targets_with_succinct_roles', 'test_meta_missing_delegated_role'],
      'ng.TestUpdater': [
        'test_implicit_refresh_with_only_local_root',
        'test_missing_targetinfo',
        'test_refresh_and_download',
        'test_refresh_with_only_local_root',
      ],
      'top_level_update.TestRefresh': ['test_load_metadata_from_cache', 'test_not_loading_targets_twice'],
    },
  },
  'no-prefix': {
    why: 'a repository with consistent snapshots has its files under their digests (TUF 5.7.3); there is no switch to ask for them without',
    cases: {
      'consistent_snapshot.TestConsistentSnapshot': [
        'test_download_targets [consistent_snaphot enabled without prefixed targets]',
      ],
    },
  },
  'named-by-the-caller': {
    why: 'a file is what the targets role says of it; no caller may hand in a length or a digest',
    cases: { 'ng.TestUpdater': ['test_length_hash_mismatch', 'test_non_existing_target_file'] },
  },
  'whole-cache': {
    why: 'the cache is one file: where any of it does not verify, none of it is used and an update says so, then fetches all again',
    cases: { 'top_level_update.TestRefresh': ['test_intermediate_root_cache_poisoning'] },
  },
  'more-roots': {
    why: 'more new roots than the bound are an error, and not the end of the search: the roots that came are kept, and the next refresh goes on from there',
    cases: { 'top_level_update.TestRefresh': ['test_max_root_rotations'] },
  },
  'python-interface': {
    why: "an argument of python-tuf's Updater that has no counterpart here",
    cases: {
      'ng.TestUpdater': [
        'test_both_target_urls_not_set',
        'test_external_targets_url',
        'test_invalid_target_base_url',
        'test_no_target_dir_no_filepath',
      ],
      'validation.TestUpdater': ['test_bootstrap_argument_required', 'test_local_target_storage_fail'],
    },
  },
  'python-internals': {
    why: "private members of python-tuf's Updater",
    cases: {
      'ng.TestUpdater': ['test_persist_metadata_fails', 'test_update_root_symlink_oserror_fallback', 'test_user_agent'],
    },
  },
}
