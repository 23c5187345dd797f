"""What the operating system refuses, in words of refgraph in place of those of the system."""

from __future__ import annotations

import errno

from refgraph.model.message import Message, message

_REASONS = {
    errno.EACCES: "no-permission",
    errno.EPERM: "no-permission",
    errno.ENOENT: "missing",
    errno.ENOTDIR: "no-folder",
    errno.EISDIR: "folder",
    errno.EEXIST: "exists",
    errno.ENOSPC: "disk-full",
    errno.EDQUOT: "disk-full",
    errno.EFBIG: "too-large",
    errno.EROFS: "read-only",
    errno.ENAMETOOLONG: "long-name",
    errno.ELOOP: "links",
    errno.EMFILE: "open-files",
    errno.ENFILE: "open-files",
    errno.EIO: "device",
    errno.ENXIO: "device",
    errno.ENODEV: "device",
    errno.EBUSY: "busy",
    errno.ETXTBSY: "busy",
    errno.EPIPE: "closed",
    errno.EBADF: "closed",
    errno.ENOEXEC: "no-program",
}


def describe_refusal(error: BaseException | int) -> Message:
    """The reason in a sentence, from an error of the system or its number."""
    if isinstance(error, UnicodeError):
        return message("phrase.refusal-not-utf-8")
    number = error if isinstance(error, int) else getattr(error, "errno", None)
    if number is None:
        id = "name" if isinstance(error, ValueError) else "unknown"
        return message(f"phrase.refusal-{id}")
    if number in _REASONS:
        return message(f"phrase.refusal-{_REASONS[number]}")
    return message("phrase.system-error", number=number)
