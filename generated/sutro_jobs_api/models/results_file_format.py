from enum import StrEnum


class ResultsFileFormat(StrEnum):
    PARQUET = "parquet"

    def __str__(self) -> str:
        return str(self.value)
