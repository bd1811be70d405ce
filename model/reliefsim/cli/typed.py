"""What is typed is read: what click finds wrong with a call is one line, as all else is, and numbers have bounds."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import click

from ..screen import say, spelled

Command = TypeVar("Command", bound=Callable[..., Any])
BAD_CALL = 2
_FAULTS = "reliefsim.faults"  # in a context: of the numbers that were typed


class BadCall(click.ClickException):
    """A call that cannot be carried out: one line for each fault, exit code 2."""

    exit_code = BAD_CALL

    def show(self, file: Any = None) -> None:
        """Print the lines as they are."""
        say(self.message, err=True)


def called() -> tuple[str, ...]:
    """The call as it was typed, the home folder as ``~``, which a shell has put in its place; no file tells whose it is."""
    home = (os.environ.get("HOME") or os.environ.get("USERPROFILE") or "").rstrip("/\\") or "~"
    whose = re.compile(rf"(?<![\w/.~-]){re.escape(home)}(?![\w.-])")
    words = ["reliefsim"]
    for word in sys.argv[1:]:
        told = spelled(whose.sub("~", word))
        option, _, value = told.partition("=")
        is_apart = option.startswith("--") and value.startswith("~")  # for no shell reads --out=~
        words += [option, value] if is_apart else [told]
    return tuple(words)


def whole(name: str, low: int, high: int, typed: str = "", **words: Any) -> Callable[[Command], Command]:
    """An option that takes a whole number between two bounds; anything else is one line that says so.

    ``typed``: what users write for it, if not its name. The command must be ``Checked``, which tells all such faults.
    """

    def convert(context: click.Context, _: click.Parameter, text: str | None) -> int | None:
        if text is None:
            return None
        from ..scenario.faults import shown_text

        bare = text.strip()
        digits = bare[1:] if bare[:1] in ("-", "+") else bare
        if digits.isdecimal() and len(digits) < 40 and low <= int(bare) <= high:
            return int(bare)
        context.meta.setdefault(_FAULTS, []).append(f"{typed or name}: must be {low} to {high} (got {shown_text(bare)})")
        return None

    return click.option(name, metavar="N", callback=convert, **words)


class OneForm(click.Group):
    """Commands whose errors have one form: what click finds wrong with a call is one line, as all else is."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which they were added."""
        return list(self.commands)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the words before the command's name."""
        with _one_line():
            return super().make_context(*args, **kwargs)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Carry out a call; what is printed and cannot be is replaced (signs) or one line (a disk that is full)."""
        with _printed():
            return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Read the command's own words, and carry it out."""
        with _one_line():
            return super().invoke(ctx)


@contextmanager
def _printed() -> Iterator[None]:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="replace")  # signs that the terminal's encoding lacks
    try:
        try:
            yield
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except OSError as error:
        with suppress(OSError, ValueError):  # or the interpreter tries once more, and says so
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # whose reader has seen enough
            with suppress(OSError):
                click.echo(f"OUTPUT: cannot be written: {error.strerror or error}", err=True)
        raise SystemExit(1 if isinstance(error, BrokenPipeError) else BAD_CALL) from None


@contextmanager
def _one_line() -> Iterator[None]:
    try:
        yield
    except (click.exceptions.NoArgsIsHelpError, BadCall):
        raise
    except click.UsageError as error:
        raise BadCall(spelled(_plain(error))) from None


def _plain(error: click.UsageError) -> str:
    """What click says of a call, as the option or the place, what is wrong with it, and what may have been meant."""
    from ..scenario.faults import nearest, shown_text

    if isinstance(error, click.NoSuchOption):
        params = error.ctx.command.get_params(error.ctx) if error.ctx else []
        known = [name for one in params if not getattr(one, "hidden", False) for name in one.opts]
        near = nearest(error.option_name, [name for name in known if name.startswith("--")])
        return f"{shown_text(error.option_name)}: no such option." + (
            f" Did you mean {near}?" if near else " See --help"
        )
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return f"{_name(error.param)}: is missing. See --help"
    if isinstance(error, click.BadOptionUsage):
        return f"{error.option_name}: {error.message.split(chr(39))[-1].strip().rstrip('.') or error.message}"
    if isinstance(error, click.BadParameter) and error.param is not None:
        return f"{_name(error.param)}: {error.message.rstrip('.')}"
    if (
        error.ctx is not None
        and isinstance(error.ctx.command, click.Group)
        and error.message.startswith("No such command")
    ):
        word = error.message.split("'")[1]
        near = nearest(word, error.ctx.command.commands)
        meant = f" Did you mean {near}?" if near else ""
        return (
            f"COMMAND: no such command (got {shown_text(word)}). One of {', '.join(error.ctx.command.commands)}.{meant}"
        )
    return f"CALL: {error.message[:1].lower()}{error.message[1:].rstrip('.')}. See --help"


def _name(param: click.Parameter) -> str:
    """An option's long name, or what an argument is called in help."""
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return param.make_metavar(click.get_current_context(silent=True) or click.Context(click.Command(None))).strip("[].")


class Checked(click.Command):
    """A command that tells all faults of its numbers at once, before anything is read."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the command's own words. Raises BadCall."""
        context = super().make_context(*args, **kwargs)
        if faults := context.meta.get(_FAULTS):
            raise BadCall("\n".join(faults))
        return context


class MayHaveNumber(Checked):
    """A command whose flag ``--uncertain`` may be followed by a number, which a scenario's name never is."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """``--uncertain 64`` and ``--uncertain=64`` mean ``--points 64``; ``--uncertain`` alone stays what it is."""
        meant: list[str] = []
        for word in args:
            if word.startswith("--uncertain="):
                meant += ["--points", word.partition("=")[2]]
            elif meant and meant[-1] == "--uncertain" and word.isdecimal():
                meant[-1:] = ["--points", word]
            else:
                meant.append(word)
        return super().parse_args(ctx, meant)
