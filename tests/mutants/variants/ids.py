"""Right servers whose IDs have a form, and that say 422 to what does not have it."""

import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid1, uuid5

from ..accounts import Job, everything
from ..catalogue import right
from ..messages import Refusal, error
from ..server import Server

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
NAMESPACE = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")


def renamed(name: Callable[[int, Job], str]) -> Callable[[], list[Job]]:
    """The account with other IDs, made from the number of a job and the job."""
    return lambda: [replace(job, job_id=name(n, job)) for n, job in enumerate(everything())]


def random_number(n: int, bits: int) -> int:
    """A number that looks random and is the same in each run."""
    return uuid5(NAMESPACE, str(n)).int >> (128 - bits)


def written(number: int, alphabet: str, length: int) -> str:
    letters = ""
    for _ in range(length):
        number, place = divmod(number, len(alphabet))
        letters = alphabet[place] + letters
    return letters


def milliseconds(job: Job) -> int:
    return int(job.created.timestamp() * 1000)


class Formed(Server):
    """Refuses an ID with 422 unless it has the form of its own, before it looks for a job."""

    def has_form(self, job_id: str) -> bool:
        raise NotImplementedError

    def find(self, tenant: str, job_id: str, operation: str) -> Job:
        if not self.has_form(job_id):
            detail = [{"loc": ["path", "job_id"], "msg": "Not an ID", "type": "value_error"}]
            raise Refusal(error(422, detail))
        return super().find(tenant, job_id, operation)


def uuid_of(job_id: str) -> UUID | None:
    try:
        found = UUID(job_id)
    except ValueError:
        return None
    return found if str(found) == job_id.lower() else None


@right
class UuidsOfVersion4(Formed):
    """IDs are UUIDs of version 4, checked with their variant."""

    account = staticmethod(renamed(lambda n, _: str(UUID(int=random_number(n, 128), version=4))))

    def has_form(self, job_id: str) -> bool:
        found = uuid_of(job_id)
        return found is not None and found.version == 4


@right
class UuidsOfVersion7(Formed):
    """IDs are UUIDs of version 7, and none of the future is one."""

    account = staticmethod(
        renamed(
            lambda n, job: str(
                UUID(
                    int=milliseconds(job) << 80
                    | 7 << 76
                    | 2 << 62
                    | random_number(n, 74) & (0xFFF << 64 | (1 << 62) - 1)
                )
            )
        )
    )

    def has_form(self, job_id: str) -> bool:
        found = uuid_of(job_id)
        if found is None or found.int >> 76 & 15 != 7 or found.int >> 62 & 3 != 2:
            return False
        return found.int >> 80 <= datetime.now(UTC).timestamp() * 1000


@right
class UuidsOfVersion1(Formed):
    """IDs are UUIDs of version 1 that end in the address of the machine."""

    account = staticmethod(renamed(lambda n, _: str(uuid1(node=0x2AC0FFEE00, clock_seq=n))))

    def has_form(self, job_id: str) -> bool:
        found = uuid_of(job_id)
        return found is not None and found.version == 1 and found.node == 0x2AC0FFEE00


@right
class Ulids(Formed):
    """IDs are ULIDs in Crockford's base 32, in capitals."""

    account = staticmethod(
        renamed(
            lambda n, job: written(
                milliseconds(job) << 80 | random_number(n, 80), CROCKFORD, 26
            ).upper()
        )
    )

    def has_form(self, job_id: str) -> bool:
        return bool(re.fullmatch("[0-7][0-9A-HJKMNP-TV-Z]{25}", job_id))


@right
class TypeIds(Formed):
    """IDs are TypeIDs: `job_` and a UUID of version 7 in base 32."""

    account = staticmethod(
        renamed(
            lambda n, job: (
                "job_"
                + written(
                    milliseconds(job) << 80
                    | 7 << 76
                    | 2 << 62
                    | random_number(n, 74) & (0xFFF << 64 | (1 << 62) - 1),
                    CROCKFORD,
                    26,
                )
            )
        )
    )

    def has_form(self, job_id: str) -> bool:
        if not re.fullmatch("job_[0-7][0-9a-hjkmnp-tv-z]{25}", job_id):
            return False
        number = 0
        for letter in job_id[4:]:
            number = number * 32 + CROCKFORD.index(letter)
        return number >> 76 & 15 == 7 and number >> 62 & 3 == 2


@right
class Snowflakes(Formed):
    """IDs are 64-bit numbers in decimal, without a zero before them."""

    account = staticmethod(renamed(lambda n, _: str(9_200_000_000_000_000_000 + n * 7_919_000_017)))

    def has_form(self, job_id: str) -> bool:
        return bool(re.fullmatch("[1-9][0-9]*", job_id)) and int(job_id) < 2**63


@right
class SmallNumbers(Formed):
    """IDs are small numbers, most of which are taken."""

    account = staticmethod(renamed(lambda n, _: str(n + 1)))

    def has_form(self, job_id: str) -> bool:
        return bool(re.fullmatch("[1-9][0-9]{0,17}", job_id))


@right
class Base58Ids(Formed):
    """IDs are 22 letters of base 58."""

    account = staticmethod(renamed(lambda n, _: written(random_number(n, 125), BASE58, 22)))

    def has_form(self, job_id: str) -> bool:
        return len(job_id) == 22 and not {*job_id} - {*BASE58}


def with_checksum(n: int) -> str:
    text = f"job-{random_number(n, 60):015x}"
    return f"{text}-{zlib.crc32(text.encode()):08x}"


class Checksummed(Formed):
    """IDs end in a checksum."""

    account = staticmethod(renamed(lambda n, _: with_checksum(n)))

    def has_form(self, job_id: str) -> bool:
        text, _, given = job_id.rpartition("-")
        return given == f"{zlib.crc32(text.encode()):08x}"


@right
class ChecksumsAs422(Checksummed):
    """IDs end in a checksum, and one that is wrong is answered with 422."""


@right
class ChecksumsAs400(Checksummed):
    """IDs end in a checksum, and one that is wrong is answered with 400."""

    def find(self, tenant: str, job_id: str, operation: str) -> Job:
        if not self.has_form(job_id):
            raise Refusal(error(400, "Not an ID."))
        return super().find(tenant, job_id, operation)


@right
class Waiting(Server):
    """A job that waits is PENDING in the list and SUBMITTED by its status."""

    def view(self, job: Job) -> dict[str, object]:
        fields = super().view(job)
        return fields | ({"status": "PENDING"} if fields["status"] == "QUEUED" else {})

    def status_body(self, job: Job) -> dict[str, object]:
        body = super().status_body(job)
        if self.status_of(job) == "QUEUED":
            return body | {"job_status": {job.job_id: "SUBMITTED"}}
        return body
