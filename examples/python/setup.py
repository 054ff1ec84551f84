"""With the program in `src/ptrm/bin` the wheel is for one platform, `$PTRM_WHEEL_PLATFORM`; else it is for all."""

import os

from setuptools import setup

try:
    from setuptools.command.bdist_wheel import bdist_wheel
except ImportError:
    from wheel.bdist_wheel import bdist_wheel


class PlatformWheel(bdist_wheel):
    def finalize_options(self) -> None:
        super().finalize_options()
        self.root_is_pure = "PTRM_WHEEL_PLATFORM" not in os.environ

    def get_tag(self) -> "tuple[str, str, str]":
        # Any Python takes it: nothing in it is linked with one.
        return "py3", "none", os.environ.get("PTRM_WHEEL_PLATFORM", "any")


setup(cmdclass={"bdist_wheel": PlatformWheel})
