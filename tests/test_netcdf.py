"""netCDF files are whole, and what cannot be written is an error of the system."""

from __future__ import annotations

import subprocess
import sys

import pytest
import xarray as xr
from numpy.testing import assert_array_equal

from zizhu.netcdf import write_netcdf


def test_what_is_written_is_read(tmp_path):
    root = xr.Dataset({"a": ("x", [1.0, 2.0], {"units": "percent"})}, {"x": ["é", "中"]})
    other = xr.Dataset({"b": ("y", [3, 4])}, attrs={"title": "t"})
    packed = {"a": {"zlib": True, "complevel": 9}}
    file = write_netcdf(tmp_path / "f.nc", root, {"more": other}, encoding=packed)
    with xr.open_dataset(file, engine="h5netcdf") as found:
        xr.testing.assert_identical(found.load(), root)
        assert found["a"].encoding["complevel"] == 9
    with xr.open_dataset(file, engine="h5netcdf", group="more") as found:
        assert_array_equal(found["b"].values, other["b"].values)
        assert found.attrs == {"title": "t"}
    root.to_netcdf(tmp_path / "g.nc", engine="h5netcdf")
    with xr.open_dataset(tmp_path / "g.nc", engine="h5netcdf") as found:
        xr.testing.assert_identical(found.load(), root)


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_a_full_disk_is_an_error_and_no_crash(tmp_path):
    """HDF5 that writes by itself ends in a segmentation fault when it closes such a file."""
    script = (
        "import resource, signal, sys\n"
        "import numpy as np, xarray as xr\n"
        "from zizhu.netcdf import write_netcdf\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "data = xr.Dataset({str(n): ('x', np.random.rand(5_000)) for n in range(20)})\n"
        "try: write_netcdf(sys.argv[1], data)\n"
        "except OSError as error: print(error.strerror)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "f.nc"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "File too large\n", "")
