"""Applications in the verifier's own process."""

from sutro_conformance import Settings, Target, all_clauses, verify
from tests.support.front import wsgi_front
from tests.support.reference_server import Server

LISTS = {clause.id for clause in all_clauses() if clause.group in ("LIST", "PAGE")}


def test_an_application_in_this_process_is_judged(server: Server) -> None:
    settings = Settings(profile="quick", only={*LISTS, "HTTP-01", "RESULTS-01"})
    with wsgi_front(server.url) as application:
        target = Target(app=application, api_key=server.key, second_api_key=server.other_key)
        report = verify(target, settings)
    assert [result.id for result in report.broken if result.level == "MUST"] == []
    assert report.exit_status == 0
