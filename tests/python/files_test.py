"""Files that are missing, foreign, cut off or damaged, and files that are still being written."""

import ctypes
import os
import shutil
import signal
import subprocess
import threading

import support
from support import CRASH, MEZZ, QUIET, call

import h5py

import mezzanine


class BadFiles(support.FolderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.good = cls.simulate("good", CRASH)

    def copy(self, name):
        path = self.file(name)
        shutil.copyfile(self.good, path)
        return path

    def test_a_missing_file_is_answered_with_the_nearest(self):
        with self.says(mezzanine.RunFileError, "god.h5", "did you mean 'good.h5'"):
            mezzanine.open_run(self.file("god.h5"))
        with self.says(mezzanine.RunFileError, "there is no folder"):
            mezzanine.open_run(self.file("no/run.h5"))

    def test_foreign_files_are_named_as_what_they_are(self):
        text = self.file("notes.h5", "not a result\n")
        with self.says(mezzanine.RunFileError, text, "not an HDF5 file"):
            mezzanine.open_run(text)
        other = self.file("other.h5")
        with h5py.File(other, "w") as file:
            file["x"] = [1, 2]
        with self.says(mezzanine.RunFileError, other, "no result of mezz"):
            mezzanine.open_run(other)
        with self.says(mezzanine.RunFileError, "is a folder"):
            mezzanine.open_run(self.folder)

    def test_a_newer_format_is_refused(self):
        path = self.copy("newer.h5")
        with h5py.File(path, "r+") as file:
            file.attrs["mezz_format"] = [2, 0]
        with self.says(mezzanine.RunFileError, "format 2", "reads format 1"):
            mezzanine.open_run(path)

    def test_a_file_that_was_cut_off_is_refused(self):
        path = self.copy("cut.h5")
        os.truncate(path, os.path.getsize(path) * 6 // 10)
        with self.says(mezzanine.RunFileError, path, "is cut off after"):
            mezzanine.open_run(path)

    def test_a_damaged_chunk_is_an_error_of_the_file_not_wrong_numbers(self):
        path = self.copy("chunk.h5")
        with h5py.File(path, "r") as file:
            place = file["tables/trades/price"].id.get_chunk_info(0)
        with open(path, "r+b") as file:
            file.seek(place.byte_offset + place.size // 2)
            byte = file.read(1)
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte[0] ^ 0xFF]))
        with mezzanine.open_run(path) as run:
            with self.says(mezzanine.RunFileError, "chunk.h5", "tables/trades/price", "damaged"):
                run.table("trades")

    def test_a_file_without_a_valid_commit_is_refused(self):
        path = self.copy("commit.h5")
        with h5py.File(path, "r+") as file:
            file["commit"][:] = file["commit"][:] ^ 1
        with self.says(mezzanine.RunFileError, "no valid commit"):
            mezzanine.open_run(path)

    def test_a_table_shorter_than_its_commit_is_refused(self):
        path = self.copy("short.h5")
        with h5py.File(path, "r+") as file:
            column = file["tables/trades/price"]
            column.resize((column.shape[0] - 1,))
        with mezzanine.open_run(path) as run:
            with self.says(mezzanine.RunFileError, "tables/trades/price", "were committed"):
                run.table("trades")

    def test_a_column_that_cannot_be_opened_is_an_error_of_the_file(self):
        path = self.copy("header.h5")
        with h5py.File(path, "r") as file:
            place = h5py.h5o.get_info(file["tables/trades/price"].id).addr
        with open(path, "r+b") as file:
            file.seek(place + 8)  # behind the signature and the flags: its checksum is wrong now
            file.write(b"\x55" * 8)
        with mezzanine.open_run(path) as run:
            with self.says(mezzanine.RunFileError, "header.h5", "tables/trades", "damaged"):
                run.table("trades")

    def test_a_closed_run_says_so_and_tables_stay(self):
        run = mezzanine.open_run(self.good)
        trades = run.tables["trades"]
        run.close()
        self.assertGreater(len(trades), 0)
        with self.says(mezzanine.RunFileError, "has been closed"):
            run.metrics


def begin(out, duration):
    """A run of the flash crash, on its way."""
    words = ["run", "flash_crash", "--set", f"run.duration={duration}", "--out", out, "--quiet"]
    quiet = subprocess.DEVNULL
    return subprocess.Popen([MEZZ, *words], stdout=quiet, stderr=subprocess.PIPE, text=True)


def when_opened(path, action):
    """A thread that acts as soon as somebody has opened this file (inotify, event IN_OPEN)."""
    libc = ctypes.CDLL(None, use_errno=True)
    watch = libc.inotify_init()
    if watch < 0 or libc.inotify_add_watch(watch, os.fsencode(path), 0x20) < 0:
        raise OSError(ctypes.get_errno(), "inotify")

    def wait():
        os.read(watch, 4096)
        os.close(watch)
        action()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


class Parts(support.FolderCase):
    def open_part(self, child, out):
        """The run beside its writer, as soon as that lets readers in."""
        while True:
            if child.poll() is not None:
                self.fail(f"the run ended too soon: {child.returncode}: {child.stderr.read()}")
            try:
                run = mezzanine.open_run(out)  # falls back to the .part
            except mezzanine.RunFileError:
                continue  # not there yet, or caught between two writes of its very beginning
            self.assertTrue(run.is_part)
            return run

    def test_a_run_is_readable_while_it_is_written_and_after_it_was_killed(self):
        out = self.file("long.h5")
        child = begin(out, "12 h")
        try:
            rows = 0
            while rows == 0:  # until the first commit, about two seconds
                with self.open_part(child, out) as run:
                    rows = run.rows["tables/trades"]
                    trades = len(run.tables["trades"])
                    self.assertEqual((run.status, len(run.metrics), trades), ("running", 0, rows))
        finally:
            child.send_signal(signal.SIGKILL)
            child.communicate()
        with mezzanine.open_run(out + ".part") as part:
            killed = part.table("trades")
        call("recover", out + ".part")
        with mezzanine.open_run(out) as run:
            self.assertEqual(run.status, "interrupted")
            self.assertTrue(run.table("trades").equals(killed))

    def test_who_watches_a_run_does_not_end_it(self):
        out = self.file("watched.h5")
        child = begin(out, "2 h")
        with self.open_part(child, out):
            self.assertEqual(("", 0), (child.communicate()[1], child.returncode))
        with mezzanine.open_run(out) as run:
            self.assertEqual(run.status, "complete")

    def test_what_is_open_from_earlier_hides_nothing_of_what_came_later(self):
        out = self.file("kept.h5")
        child = begin(out, "12 h")
        kept = []
        try:
            while len(kept) < 2:  # two moments of the same run, with different rows
                run = self.open_part(child, out)
                rows = run.rows["tables/trades"]
                if rows > (kept[-1].rows["tables/trades"] if kept else 0):
                    kept.append(run)
                else:
                    run.close()
        finally:
            child.send_signal(signal.SIGINT)
            child.communicate()
        early, late = (run.table("trades") for run in kept)
        with mezzanine.open_run(out) as run:
            trades = run.table("trades")
            self.assertEqual((run.is_part, run.status), (False, "interrupted"))
            self.assertIn("trades", run.metrics)
        self.assertEqual(len(trades), call("export", out, "--table", "trades").count("\n") - 1)
        self.assertTrue(trades[: len(late)].equals(late))
        self.assertTrue(late[: len(early)].equals(early))
        for run in kept:
            run.close()

    def test_a_run_at_its_end_is_looked_at_again(self):
        good = self.simulate("ended", QUIET)
        out = self.file("ending.h5")
        with open(good, "rb") as file, open(out + ".part", "wb") as part:
            part.write(file.read(48))  # nobody can read this
        open(out + ".lock", "w", encoding="utf-8").close()
        thread = when_opened(out + ".part", lambda: os.replace(good, out))
        with mezzanine.open_run(out) as run:
            self.assertEqual((run.is_part, run.status), (False, "complete"))
        thread.join()

    def test_a_result_is_preferred_to_its_part(self):
        path = self.simulate("both", QUIET)
        shutil.copyfile(path, path + ".part")
        with mezzanine.open_run(path) as run:
            self.assertFalse(run.is_part)


support.main()
