"""Edits of everything but schemas: operations, parameters, answers, security, servers."""

from collections.abc import Iterator
from typing import Any

import sutro_contract

from .editing import (
    ARGUMENT,
    CANCEL,
    FIELD,
    LIST,
    OBJECT,
    POSTED,
    REQUEST,
    RESULTS,
    STATUS,
    TEXT,
    WHOLE,
    Edit,
    at,
    cut,
    edit,
    got,
    move,
    put,
    wrap,
)


def document_edits() -> Iterator[Edit]:
    """Yield every edit of this module."""
    for group in (
        operations,
        parameters,
        bodies,
        answers,
        links,
        security,
        servers,
        documents,
    ):
        yield from group()


def operations() -> Iterator[Edit]:
    ping = {"get": {"operationId": "ping", "responses": {"200": {"description": "Here."}}}}
    item = CANCEL.rpartition("/")[0] + "/~1jobs~1{id}~1results"
    renamed = (
        put(
            f"{RESULTS}/parameters/0",
            {"name": "id", "in": "path", "required": True, "schema": TEXT},
        ),
        move(RESULTS.removesuffix("/get"), item),
    )
    plain = put(
        f"{RESULTS}/parameters/0",
        {"name": "job_id", "in": "path", "required": True, "schema": TEXT},
    )
    yield edit("a path is removed", "path-removed", cut(STATUS.removesuffix("/get")))
    yield edit("a method is removed", "path-removed", cut(f"{CANCEL}/post"))
    yield edit("a method becomes another", "path-removed", move(f"{CANCEL}/post", f"{CANCEL}/put"))
    yield edit("a path is added", "operation-added", put("/paths/~1ping", ping))
    yield edit("a method is added", "operation-added", put(f"{CANCEL}/put", ping["get"]))
    yield edit("an operation is renamed", "operation-renamed", put(f"{LIST}/operationId", "jobs"))
    yield edit("an operation is deprecated", "deprecated", put(f"{LIST}/deprecated", True))
    yield edit(
        "an operation becomes optional", "operation-optional", put(f"{LIST}/x-optional", True)
    )
    yield edit(
        "an operation is no longer optional", "operation-assured", cut(f"{POSTED}/x-optional")
    )
    yield edit("the tags of an operation change", "tags-changed", put(f"{LIST}/tags", ["Lists"]))
    yield edit("a path parameter is renamed", "path-parameter-renamed", *renamed, given=(plain,))
    yield edit("a summary changes", "note-changed", put(f"{LIST}/summary", "Jobs"))
    yield edit("a code sample changes", "note-changed", put(f"{LIST}/x-codeSamples", []))
    hook = {"post": {"responses": {"200": {"description": "Taken."}}}}
    other = {"post": {"responses": {"204": {"description": "Taken."}}}}
    for name, holder in (("webhook", "/webhooks"), ("callback", f"{LIST}/callbacks")):
        given = (
            put(holder, {"done": {"{$request.query.url}": hook} if name == "callback" else hook}),
        )
        changed = {"done": {"{$request.query.url}": other} if name == "callback" else other}
        yield edit(f"a {name} is removed", "callback-removed", put(holder, {}), given=given)
        yield edit(f"a {name} changes", "callback-changed", put(holder, changed), given=given)
        yield Edit(f"a {name} is added", "sent", "callback-added", REQUEST, (), given)


def parameters() -> Iterator[Edit]:
    q = {"name": "q", "in": "query", "schema": TEXT}
    limit = f"{LIST}/parameters/0"
    header = {"name": "X-Q", "in": "header", "schema": TEXT}
    add = put(f"{LIST}/parameters/2", q)
    yield edit("an optional parameter is added", "parameter-added", add)
    yield edit(
        "a required parameter is added",
        "required-parameter-added",
        put(f"{LIST}/parameters/2", q | {"required": True}),
    )
    yield edit(
        "a parameter is added for a whole path",
        "parameter-added",
        put("/paths/~1list-jobs/parameters", [q]),
    )
    yield edit("a parameter is removed", "parameter-removed", cut(f"{LIST}/parameters/1"))
    yield edit("a parameter becomes required", "parameter-required", put(f"{limit}/required", True))
    yield edit(
        "a parameter is no longer required",
        "parameter-optional",
        put(f"{RESULTS}/parameters/1/required", False),
    )
    yield edit(
        "a parameter moves to the headers", "parameter-removed", put(f"{limit}/in", "header")
    )
    yield edit("a parameter is renamed", "parameter-removed", put(f"{limit}/name", "size"))
    yield edit(
        "a parameter is a header in other case",
        None,
        put(f"{LIST}/parameters/2/name", "x-q"),
        given=(put(f"{LIST}/parameters/2", header),),
    )
    yield edit(
        "`schema` becomes `content`",
        "parameter-encoding",
        wrap(
            limit,
            lambda p: {
                "name": p["name"],
                "in": p["in"],
                "content": {"application/json": {"schema": p["schema"]}},
            },
        ),
    )
    yield edit(
        "the style of a parameter changes",
        "parameter-encoding",
        put(f"{limit}/style", "pipeDelimited"),
    )
    yield edit(
        "`explode` of a parameter changes", "parameter-encoding", put(f"{limit}/explode", False)
    )
    yield edit(
        "`allowReserved` of a parameter changes",
        "parameter-encoding",
        put(f"{limit}/allowReserved", True),
    )
    yield edit(
        "the default style is written out",
        None,
        put(f"{limit}/style", "form"),
        put(f"{limit}/explode", True),
    )
    yield edit("`required: false` is written out", None, put(f"{limit}/required", False))
    yield edit("the maximum of `limit` falls", "bound-narrower", put(f"{limit}/schema/maximum", 50))
    yield edit("the maximum of `limit` rises", "bound-wider", put(f"{limit}/schema/maximum", 200))
    yield edit("a default is added", "default-changed", put(f"{limit}/schema/default", 20))
    yield edit(
        "a default of a shared parameter changes",
        "default-changed",
        put("/components/parameters/IncludeInputs/schema/default", True),
    )
    yield edit(
        "a default of a path's parameter changes",
        "default-changed",
        put("/paths/~1list-jobs/parameters/0/schema/default", 2),
        given=(put("/paths/~1list-jobs/parameters", [q | {"schema": WHOLE | {"default": 1}}]),),
    )
    yield edit(
        "a shared parameter is tightened",
        "bound-narrower",
        put("/components/parameters/JobId/schema/minLength", 3),
    )
    yield edit("a parameter is deprecated", "deprecated", put(f"{limit}/deprecated", True))
    yield edit("an example of a parameter changes", "note-changed", put(f"{limit}/example", 21))
    yield edit(
        "parameters stand in another order",
        None,
        wrap(f"{LIST}/parameters", lambda listed: listed[::-1]),
    )
    yield edit(
        "parameters move to the path",
        None,
        move(f"{STATUS}/parameters", f"{STATUS.removesuffix('/get')}/parameters"),
    )
    yield edit(
        "a parameter overrides that of its path",
        "parameter-required",
        put(f"{limit}/required", True),
        given=(
            put(
                "/paths/~1list-jobs/parameters", [{"name": "limit", "in": "query", "schema": WHOLE}]
            ),
        ),
    )
    yield edit(
        "a reference to a parameter is resolved",
        None,
        put(
            f"{STATUS}/parameters/0",
            sutro_contract.load_contract()["components"]["parameters"]["JobId"],
        ),
    )


def bodies() -> Iterator[Edit]:
    body, media = f"{POSTED}/requestBody", f"{POSTED}/requestBody/content"
    form = "application~1x-www-form-urlencoded"
    posted = {"content": {"application/json": {"schema": OBJECT}}}
    yield edit("an optional body is added", "body-added", put(f"{CANCEL}/post/requestBody", posted))
    yield edit(
        "a required body is added",
        "required-body-added",
        put(f"{CANCEL}/post/requestBody", posted | {"required": True}),
    )
    yield edit("a body is removed", "body-removed", cut(body))
    yield edit(
        "a body becomes required",
        "body-required",
        put(f"{body}/required", True),
        given=(cut(f"{body}/required"),),
    )
    yield edit("a body is no longer required", "body-optional", put(f"{body}/required", False))
    yield edit(
        "a media type that is taken is removed",
        "media-type-removed",
        move(f"{media}/application~1json", f"{media}/text~1json"),
    )
    yield edit(
        "a media type that is taken is added",
        "media-type-added",
        put(f"{media}/{form}", {"schema": OBJECT}),
    )
    yield edit(
        "any media type is taken",
        "media-type-added",
        wrap(media, lambda content: content | {"*/*": {}}),
    )
    yield edit(
        "the schema of a body is removed",
        "property-removed",
        cut(f"{media}/application~1json/schema"),
    )
    yield edit(
        "the encoding of a part changes",
        "encoding-changed",
        put(f"{media}/{form}", {"encoding": {"a": {"explode": True}}}),
        given=(put(f"{media}/{form}", {"encoding": {"a": {"explode": False}}}),),
    )
    yield edit(
        "a body stands behind a reference",
        None,
        lambda c: c["components"].update(
            requestBodies={"Posted": c["paths"]["/job-results"]["post"]["requestBody"]}
        ),
        put(body, {"$ref": "#/components/requestBodies/Posted"}),
    )


def answers() -> Iterator[Edit]:
    ok, error = f"{LIST}/responses/200", f"{RESULTS}/responses/409"
    content = f"{ok}/content"
    refused = sutro_contract.load_contract()["components"]["responses"]["Refused"]
    yield got(
        "an answer is removed, and no class names it",
        "answer-removed",
        cut(f"{LIST}/responses/5XX"),
    )
    yield got(
        "an answer is removed that its class names, with the same body",
        None,
        cut(f"{LIST}/responses/418"),
        given=(put(f"{LIST}/responses/418", refused),),
    )
    yield got(
        "an answer is removed whose class has another body",
        "property-removed",
        cut(f"{LIST}/responses/422"),
        given=(
            put(
                f"{LIST}/responses/422",
                {
                    "description": "No.",
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "properties": {"detail": TEXT, "code": TEXT},
                                "required": ["detail"],
                            }
                        }
                    },
                },
            ),
        ),
    )
    yield got(
        "an answer is added",
        "answer-added",
        put(f"{LIST}/responses/202", {"description": "Later."}),
    )
    yield got(
        "an answer is added that its class names",
        "answer-added",
        put(
            f"{LIST}/responses/418",
            {
                "description": "Tea.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
            },
        ),
    )
    yield got(
        "an answer is added that differs from its class",
        "type-wider",
        put(
            f"{LIST}/responses/418",
            {"description": "Tea.", "content": {"application/json": {"schema": {}}}},
        ),
    )
    yield got(
        "`default` takes the place of both classes",
        None,
        wrap(
            f"{LIST}/responses",
            lambda listed: {
                **{k: v for k, v in listed.items() if k not in ("4XX", "5XX")},
                "default": listed["4XX"],
            },
        ),
        given=(put(f"{LIST}/responses/5XX", {"$ref": "#/components/responses/Refused"}),),
    )
    yield got(
        "both classes take the place of `default`",
        None,
        wrap(
            f"{STATUS}/responses",
            lambda listed: {
                **{k: v for k, v in listed.items() if k != "default"},
                "4XX": listed["default"],
                "5XX": listed["default"],
            },
        ),
        given=(
            wrap(
                f"{STATUS}/responses",
                lambda listed: {
                    **{k: v for k, v in listed.items() if k not in ("4XX", "5XX")},
                    "default": {"$ref": "#/components/responses/Refused"},
                },
            ),
        ),
    )
    yield got(
        "a description of an answer changes", "note-changed", put(f"{ok}/description", "Jobs.")
    )
    yield got("the body of an answer is removed", "media-type-removed", cut(content))
    yield got(
        "the schema of a 200 is removed", "type-wider", cut(f"{content}/application~1json/schema")
    )
    yield got(
        "the schema of a 200 becomes {}",
        "type-wider",
        put(f"{content}/application~1json/schema", {}),
    )
    yield got(
        "a media type is removed",
        "media-type-removed",
        cut(f"{RESULTS}/responses/200/content/application~1zip"),
    )
    yield got(
        "a media type is added",
        "media-type-added",
        put(f"{RESULTS}/responses/200/content/text~1csv", {}),
    )
    yield got(
        "an example of an answer is added",
        "note-changed",
        put(
            f"{content}/application~1json/examples/empty",
            {"value": {"jobs": [], "message": "None."}},
        ),
    )
    yield got(
        "an example is written in place",
        None,
        put(
            f"{content}/application~1json/examples/withPagination",
            sutro_contract.load_contract()["components"]["examples"]["JobListWithPagination"],
        ),
    )
    yield got(
        "an answer is written in place",
        None,
        put(error, sutro_contract.load_contract()["components"]["responses"]["ResultsNotReady"]),
    )
    yield got(
        "a header is removed",
        "header-removed",
        cut("/components/responses/TooManyRequests/headers/Retry-After"),
    )
    yield got("a header is added", "header-added", put(f"{ok}/headers/X-Total", {"schema": WHOLE}))
    yield got(
        "a header has another case",
        None,
        move(f"{ok}/headers/X-Request-ID", f"{ok}/headers/x-request-id"),
    )
    yield got(
        "a header is always there",
        "header-required",
        put(f"{ok}/headers/X-Total/required", True),
        given=(put(f"{ok}/headers/X-Total", {"schema": WHOLE}),),
    )
    yield got(
        "a header is no longer required",
        "header-optional",
        put(f"{ok}/headers/X-Total/required", False),
        given=(put(f"{ok}/headers/X-Total", {"schema": WHOLE, "required": True}),),
    )
    yield got(
        "a header is a number or a text",
        "type-wider",
        put(f"{ok}/headers/X-Total/schema", {"type": ["integer", "string"]}),
        given=(put(f"{ok}/headers/X-Total", {"schema": WHOLE}),),
    )
    yield got(
        "a read-only field is removed",
        "property-removed",
        cut(FIELD),
        given=(put(FIELD, TEXT | {"readOnly": True}),),
    )
    yield got(
        "a write-only field is removed",
        None,
        cut(FIELD),
        given=(put(FIELD, TEXT | {"writeOnly": True}),),
    )
    yield edit(
        "a read-only field is removed",
        None,
        cut(ARGUMENT),
        given=(put(ARGUMENT, TEXT | {"readOnly": True}),),
    )
    yield edit(
        "a write-only field is removed",
        "property-removed",
        cut(ARGUMENT),
        given=(put(ARGUMENT, TEXT | {"writeOnly": True}),),
    )


def links() -> Iterator[Edit]:
    page = f"{LIST}/responses/200/links/nextPage"
    link = {"operationId": "getJob", "parameters": {"job_id": "$response.body#/jobs/1/job_id"}}
    yield got("a link is removed", "link-removed", cut(page))
    yield got("a link is added", "link-added", put(f"{LIST}/responses/200/links/second", link))
    yield got("a link leads elsewhere", "link-changed", put(f"{page}/operationId", "getJob"))
    yield got("a link loses a parameter", "link-changed", cut(f"{page}/parameters/cursor"))
    yield got(
        "a link fills a parameter from elsewhere",
        "link-changed",
        put(f"{page}/parameters/cursor", "$response.body#/cursor"),
    )
    yield got(
        "a link goes to another server", "link-changed", put(f"{page}/server", {"url": "/v2"})
    )
    yield got("a link is described otherwise", "note-changed", put(f"{page}/description", "Next."))
    yield got(
        "a link stands behind a reference",
        None,
        lambda c: c["components"].update(links={"Next": at(c, page)[0]["nextPage"]}),
        put(page, {"$ref": "#/components/links/Next"}),
    )


def security() -> Iterator[Edit]:
    schemes = "/components/securitySchemes"
    bearer = put(f"{schemes}/Bearer", {"type": "http", "scheme": "bearer"})
    oauth = put(f"{schemes}/Flow", {"type": "oauth2", "flows": {}})
    yield edit("no authentication at all", "security-loosened", cut("/security"))
    yield edit("anonymous as an alternative", "security-loosened", put("/security/1", {}))
    yield edit("anonymous for one operation", "security-loosened", put(f"{LIST}/security", []))
    yield edit(
        "a further way to authenticate",
        "security-added",
        put("/security/1", {"Bearer": []}),
        given=(bearer,),
    )
    yield edit(
        "another way to authenticate",
        "security-tightened",
        put("/security", [{"Bearer": []}]),
        given=(bearer,),
    )
    yield edit(
        "one of two ways is removed",
        "security-tightened",
        cut("/security/1"),
        given=(bearer, put("/security/1", {"Bearer": []})),
    )
    yield edit(
        "a second key is demanded",
        "security-tightened",
        put("/security/0/Bearer", []),
        given=(bearer,),
    )
    yield edit(
        "one of two keys suffices",
        "security-loosened",
        cut("/security/0/Bearer"),
        given=(bearer, put("/security/0/Bearer", [])),
    )
    yield edit(
        "a scope is demanded",
        "security-tightened",
        put("/security/0/Flow", ["read"]),
        given=(oauth, put("/security/0", {"Flow": []})),
    )
    yield edit(
        "a scope is no longer demanded",
        "security-loosened",
        put("/security/0/Flow", []),
        given=(oauth, put("/security/0", {"Flow": ["read"]})),
    )
    yield edit(
        "the key is sent in another header",
        "security-tightened",
        put(f"{schemes}/ApiKey/name", "X-API-Key"),
    )
    yield edit(
        "the key is sent in the query", "security-tightened", put(f"{schemes}/ApiKey/in", "query")
    )
    yield edit(
        "the scheme has another name in the document",
        None,
        move(f"{schemes}/ApiKey", f"{schemes}/Key"),
        put("/security", [{"Key": []}]),
    )
    yield edit(
        "security is written at each operation",
        None,
        lambda c: [
            op.update(security=c["security"])
            for item in c["paths"].values()
            for op in item.values()
        ],
        cut("/security"),
    )


def servers() -> Iterator[Edit]:
    variable = "/servers/0/variables/deployment"
    given = (put(f"{variable}/enum", ["deployment.example.com", "b.example.com"]),)
    yield edit("another server comes first", "default-server", wrap("/servers", lambda s: s[::-1]))
    yield edit(
        "a server is put before the others",
        "default-server",
        wrap("/servers", lambda s: [{"url": "https://new.example.com"}, *s]),
    )
    yield edit("a server is removed", "server-removed", cut("/servers/1"))
    yield edit(
        "a server is added at the end",
        "server-added",
        put("/servers/2", {"url": "https://new.example.com"}),
    )
    yield edit(
        "the default of a server's variable changes",
        "default-server",
        put(f"{variable}/default", "elsewhere.example.com"),
    )
    yield edit(
        "a server's variable gets an `enum`",
        "variable-narrower",
        put(f"{variable}/enum", ["deployment.example.com"]),
    )
    yield edit(
        "a server's variable loses its `enum`",
        "variable-wider",
        cut(f"{variable}/enum"),
        given=given,
    )
    yield edit(
        "a value of a server's variable is removed",
        "variable-narrower",
        cut(f"{variable}/enum/1"),
        given=given,
    )
    yield edit(
        "a value of a server's variable is added",
        "variable-wider",
        put(f"{variable}/enum/2", "c.example.com"),
        given=given,
    )
    yield edit(
        "one operation is at another server",
        "default-server",
        put(f"{LIST}/servers", [{"url": "https://lists.example.com"}]),
    )
    yield edit(
        "servers are written at each path",
        None,
        lambda c: [item.update(servers=c["servers"]) for item in c["paths"].values()],
        cut("/servers"),
    )


def documents() -> Iterator[Edit]:
    yield edit("the title changes", "note-changed", put("/info/title", "Jobs"))
    yield edit("the description changes", "note-changed", put("/info/description", "Jobs."))
    yield edit("a tag is described otherwise", "note-changed", put("/tags/0/description", "Jobs."))
    yield edit("the version rises", None, put("/info/version", "9.9.9"))
    yield edit(
        "members stand in another order",
        None,
        wrap("/components/schemas", lambda s: dict(reversed(s.items()))),
    )
    yield edit(
        "paths stand in another order", None, wrap("/paths", lambda s: dict(reversed(s.items())))
    )
    yield got(
        "a schema has another name in the document",
        None,
        move("/components/schemas/FailureReason", "/components/schemas/Reason"),
        lambda c: _rename(c, "#/components/schemas/FailureReason", "#/components/schemas/Reason"),
    )
    yield edit("an unused schema is added", None, put("/components/schemas/Spare", TEXT))


def _rename(node: Any, old: str, new: str) -> None:
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _rename(part, old, new)
    if isinstance(node, dict) and node.get("$ref") == old:
        node["$ref"] = new
