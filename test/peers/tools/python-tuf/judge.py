"""python-tuf's own tests of its Updater, run against another client.

    python judge.py SOURCE NODE CLIENT

SOURCE is python-tuf's unpacked source distribution, CLIENT the script that NODE runs (test/peers/tuf-client.ts). Its tests are
imported as they are; only `tuf.ngclient.Updater` is another one: it serves the test's repository on loopback and puts each
question to the client. What the client keeps is written where python-tuf keeps its files, as the tests look there.

Standard output: one JSON object a test or subtest: `test`, `outcome` (`passed`, `in-part`, `failed`, `outside`), `why`.
"""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest import mock
from urllib import parse, request
from urllib.error import HTTPError

SOURCE, NODE, CLIENT = sys.argv[1:4]
sys.path.insert(0, SOURCE)

import tuf.ngclient  # noqa: E402
from tuf.api import exceptions  # noqa: E402
from tuf.api.metadata import Metadata, TargetFile  # noqa: E402
from tuf.ngclient import UpdaterConfig  # noqa: E402

ROLES = ("timestamp", "snapshot", "targets")


class Outside(Exception):
    """The test asks for what the client does not do; the reason is a key of the table in tuf-updater.test.ts."""


# --- the client, one process for all tests -----------------------------------------------------------------------------


class Client:
    def __init__(self):
        self.process = subprocess.Popen([NODE, CLIENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def answer(self, **question):
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if line == "":
            raise RuntimeError("the client has ended")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def exception_of(answer):
    code, flaw, message = answer["code"], answer["flaw"], answer["message"]
    if code == "path-missing":
        return FileNotFoundError(message)
    if code in ("trust-repository-invalid", "trusted-root-malformed"):
        by_flaw = {
            "signatures": exceptions.UnsignedMetadataError,
            "version": exceptions.BadVersionNumberError,
            "hash": exceptions.LengthOrHashMismatchError,
        }
        return by_flaw.get(flaw, exceptions.RepositoryError)(message)
    if code == "trust-unavailable":
        if flaw == "missing":
            return exceptions.DownloadHTTPError(message, 404)
        by_flaw = {
            "expired": exceptions.ExpiredMetadataError,
            "too-long": exceptions.DownloadLengthMismatchError,
        }
        return by_flaw.get(flaw, exceptions.DownloadError)(message)
    return RuntimeError(f"{code}: {message}")


# --- the mirror: what the client asks for, from the repository of the test ---------------------------------------------


class Mirror(BaseHTTPRequestHandler):
    updater = None

    def do_GET(self):
        # /<repository>/<file>, /<repository>/targets/<file>
        name = self.path.split("/", 2)[2]
        try:
            self.answer(200, Mirror.updater.serve(name))
        except exceptions.DownloadHTTPError as error:
            self.answer(error.status_code, b"")
        except HTTPError as error:
            self.answer(error.code, b"")

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


# --- what stands in the place of tuf.ngclient.Updater ------------------------------------------------------------------

REQUIRED = object()
BOUNDS = ("root_max_length", "timestamp_max_length", "snapshot_max_length", "targets_max_length")


class Updater:
    client = None
    port = None
    scratch = None
    # What was written into each metadata_dir, by path.
    written = {}

    def __init__(
        self,
        metadata_dir,
        metadata_base_url,
        target_dir=None,
        target_base_url=None,
        fetcher=None,
        config=None,
        *,
        bootstrap=REQUIRED,
    ):
        if bootstrap is REQUIRED:
            raise Outside("python-interface")
        self.directory = Path(metadata_dir)
        self.target_dir = target_dir
        self.metadata_base_url = metadata_base_url
        self.target_base_url = target_base_url
        self.fetcher = fetcher
        self.config = config or UpdaterConfig()
        self.refreshed = False
        self.id = hashlib.sha256(str(metadata_dir).encode()).hexdigest()[:16]
        own = Path(Updater.scratch, self.id)
        self.cache = own / "cache"
        self.cache_file = None
        self.root = own / "root.json"
        self.forget_what_was_removed()
        if bootstrap is None:
            # The person names the file; python-tuf's own place for it.
            given = self.directory / "root.json"
        else:
            own.mkdir(parents=True, exist_ok=True)
            self.root.write_bytes(bootstrap)
            given = self.root
        answer = self.ask("open", root=str(given))
        if "code" in answer:
            raise exception_of(answer)
        self.cache_file = Path(answer["cache"])
        if not self.root.exists():
            own.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(given, self.root)
        self.take_over()
        self.write_out()

    def __getattr__(self, name):
        if name == "_trusted_set":
            root = Metadata.from_file(str(self.directory / "root.json")).signed
            return mock.NonCallableMock(root=root)
        raise Outside("python-internals")

    # --- what tests call

    def refresh(self):
        answer = self.ask("update", target="no file of any test")
        self.write_out()
        if answer["replaced"]:
            raise Outside("whole-cache")
        if answer.get("flaw") == "too-many-roots":
            raise Outside("more-roots")
        # All roles were taken; only then is the file looked for.
        if answer.get("flaw") != "no-target":
            raise exception_of(answer)
        self.refreshed = True

    def get_targetinfo(self, path):
        if not self.refreshed:
            self.refresh()
        targets = Metadata.from_file(str(self.directory / "targets.json")).signed
        found = targets.targets.get(path)
        if found is None and targets.delegations is not None:
            raise Outside("delegations")
        return found

    def download_target(self, info, filepath=None, target_base_url=None):
        if target_base_url is not None or self.target_base_url is None or filepath == "":
            raise Outside("python-interface")
        if not self.refreshed or self.get_targetinfo(info.path) != info:
            raise Outside("named-by-the-caller")
        if not self.config.prefix_targets_with_hash:
            raise Outside("no-prefix")
        filepath = self.place_of(info, filepath)
        answer = self.ask("update", target=info.path)
        self.write_out()
        if "code" in answer:
            raise exception_of(answer)
        Path(filepath).write_bytes(plain(base64.b64decode(answer["file"])))
        return filepath

    def find_cached_target(self, info, filepath=None):
        filepath = self.place_of(info, filepath)
        answer = self.ask("kept", target=info.path)
        if answer.get("file") is None or not Path(filepath).exists():
            return None
        served = base64.b64decode(answer["file"])
        try:
            info.verify_length_and_hashes(served)
        except exceptions.LengthOrHashMismatchError:
            return None
        return filepath if served == served_as(Path(filepath).read_bytes()) else None

    def place_of(self, info, filepath):
        if filepath is not None:
            return filepath
        if self.target_dir is None:
            raise Outside("python-interface")
        return os.path.join(self.target_dir, parse.quote(info.path, ""))

    # --- the client and its mirror

    def ask(self, what, target="", root=None):
        usual, limits = UpdaterConfig(), {}
        for name in BOUNDS:
            # One bound for every role.
            if getattr(self.config, name) != getattr(usual, name):
                limits["tufMetadataBytes"] = getattr(self.config, name)
        if self.config.max_root_rotations != usual.max_root_rotations:
            limits["tufRootRotations"] = self.config.max_root_rotations
        Mirror.updater = self
        return Updater.client.answer(
            ask=what,
            mirror=f"http://127.0.0.1:{Updater.port}/{self.id}",
            root=root or str(self.root),
            cache=str(self.cache),
            now=datetime.now(timezone.utc).isoformat(),
            target=target,
            limits=limits,
        )

    def serve(self, name):
        if name.startswith("targets/"):
            url = self.target_base_url + parse.unquote(name[len("targets/") :])
        else:
            url = self.metadata_base_url + name
        if self.fetcher is None:
            with request.urlopen(url) as response:
                return response.read()
        return b"".join(self.fetcher._fetch(url))

    # --- what the client keeps, and python-tuf's files

    def kept(self):
        """What the client keeps, under the names of python-tuf's files."""
        roots = [self.root.read_bytes()]
        files = {}
        if self.cache_file.exists():
            content = json.loads(self.cache_file.read_text("utf-8"))
            roots += [it.encode() for it in content["roots"]]
            roles = {**content.get("roles", {}), **content.get("ahead", {})}
            files.update({f"{role}.json": text.encode() for role, text in roles.items()})
        for data in roots:
            files[f"root_history/{json.loads(data)['signed']['version']}.root.json"] = data
        files["root.json"] = roots[-1]
        return files

    def write_out(self):
        before, now = Updater.written.get(self.id, {}), self.kept()
        for name in before.keys() - now.keys():
            (self.directory / name).unlink(missing_ok=True)
        for name, data in now.items():
            path = self.directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            path.write_bytes(data)
        Updater.written[self.id] = now

    def forget_what_was_removed(self):
        """A test that empties its metadata_dir starts anew."""
        if self.id in Updater.written and not any(self.directory.rglob("*.json")):
            shutil.rmtree(Path(Updater.scratch, self.id))
            del Updater.written[self.id]

    def take_over(self):
        """What a test wrote or changed in its metadata_dir becomes what the client keeps."""
        before = Updater.written.get(self.id, {})
        names = [f"{role}.json" for role in ROLES]
        names += [f"root_history/{path.name}" for path in self.directory.glob("root_history/*.json")]
        present = {name: (self.directory / name).read_bytes() for name in names if (self.directory / name).exists()}
        if all(before.get(name) == data for name, data in present.items()):
            return
        first = json.loads(self.root.read_bytes())["signed"]["version"]
        roots = {}
        for name, data in present.items():
            if name.startswith("root_history/"):
                roots[int(Path(name).name.split(".")[0])] = data.decode()
        roles = {name[: -len(".json")]: present[name].decode() for name in names[:3] if name in present}
        content = {
            "type": "https://w3id.org/countersign/tuf-cache/v1",
            "mirror": f"http://127.0.0.1:{Updater.port}/{self.id}",
            "refreshedAt": datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "roots": [roots[version] for version in sorted(roots) if version > first],
            "files": {},
        }
        if roles:
            content["roles" if len(roles) == 3 else "ahead"] = roles
        self.cache_file.parent.mkdir(parents=True, exist_ok=True)
        self.cache_file.write_text(json.dumps(content), "utf-8")


# --- the tests ---------------------------------------------------------------------------------------------------------


def served_as(data):
    """The client reads JSON files only, so that is what targets are; their length and digest change with each byte of the test."""
    return json.dumps(data.decode()).encode()


def plain(served):
    return json.loads(served).encode()


def serve_json_targets():
    from tests import repository_simulator as simulator

    class Simulator(simulator.RepositorySimulator):
        def add_target(self, role, data, path):
            file = TargetFile.from_data(path, served_as(data), ["sha256"])
            self._get_delegator(role).targets[path] = file
            self.target_files[path] = simulator.RepositoryTarget(data, file)

        def fetch_target(self, path, digest):
            return served_as(super().fetch_target(path, digest))

    simulator.RepositorySimulator = Simulator


class Result(unittest.TestResult):
    in_part = False

    def __init__(self):
        super().__init__()
        self.with_subtests = set()

    def tell(self, test, error, case=None):
        name = test.id().removeprefix("tests.test_updater_") + ("" if case is None else f" [{case}]")
        if error is None:
            line = {"test": name, "outcome": "in-part" if Result.in_part else "passed", "why": ""}
        elif error[0] is Outside:
            line = {"test": name, "outcome": "outside", "why": str(error[1])}
        else:
            line = {"test": name, "outcome": "failed", "why": self._exc_info_to_string(error, test)[-3000:]}
        print(json.dumps(line), flush=True)

    def startTest(self, test):
        Result.in_part = False
        super().startTest(test)

    def addSuccess(self, test):
        if test.id() not in self.with_subtests:
            self.tell(test, None)

    def addFailure(self, test, err):
        self.tell(test, err)

    def addError(self, test, err):
        self.tell(test, err)

    def addSubTest(self, test, subtest, err):
        self.with_subtests.add(test.id())
        self.tell(test, err, subtest.params["case"])


def in_part(*_, **__):
    Result.in_part = True


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Updater.client = Client()
    Updater.port = server.server_port
    Updater.scratch = tempfile.mkdtemp(dir=os.getcwd())
    tuf.ngclient.Updater = Updater
    serve_json_targets()
    # Which of its local files python-tuf opens says nothing about another client; all else in these tests does.
    mock.MagicMock.assert_has_calls = in_part
    names = sorted(f"tests.{path.stem}" for path in Path(SOURCE, "tests").glob("test_updater_*.py"))
    try:
        unittest.defaultTestLoader.loadTestsFromNames(names).run(Result())
    finally:
        Updater.client.close()
        server.shutdown()


main()
