"""Terraform's plugin protocol 6 over the schema: it plans and applies in memory and reaches nothing."""

import json
from collections.abc import Callable, Iterable, Mapping
from concurrent import futures
from pathlib import Path
from threading import Event
from typing import Any

import grpc
import msgpack
from tf.gen import grpc_controller_pb2 as controller
from tf.gen import grpc_controller_pb2_grpc as controller_rpc
from tf.gen import grpc_stdio_pb2_grpc as stdio_rpc
from tf.gen import tfplugin_pb2 as pb
from tf.gen import tfplugin_pb2_grpc as rpc

from tests.infra.offline_provider import limits, values
from tests.infra.offline_provider.schema import Block

_NESTING = {
    "single": pb.Schema.NestedBlock.SINGLE,
    "list": pb.Schema.NestedBlock.LIST,
    "set": pb.Schema.NestedBlock.SET,
}


class Provider(rpc.ProviderServicer):
    """The provider: every method is one of Terraform's questions."""

    def __init__(
        self, schemas: dict[str, Any], *, foresees: bool = False, tampered: Mapping[str, dict[str, Any]] | None = None
    ) -> None:
        """With `foresees`, a plan holds already what the cloud would compute: it can be judged without an apply.

        `tampered` maps a type to arguments that every resource of it is found with, whatever was applied.
        """
        self._schemas = schemas
        self._foresees = foresees
        self._tampered = tampered or {}
        self._resources: dict[str, Block] = schemas["resources"]
        self._data: dict[str, Block] = schemas["data"]
        self._project = "no-project"

    def GetMetadata(self, _request: Any, _context: Any) -> Any:
        """Which types there are."""
        answer = pb.GetMetadata.Response()
        for name in self._resources:
            answer.resources.add(type_name=name)
        for name in self._data:
            answer.data_sources.add(type_name=name)
        return answer

    def GetProviderSchema(self, _request: Any, _context: Any) -> Any:
        """All schemas."""
        answer = pb.GetProviderSchema.Response(provider=_schema(self._schemas["provider"]))
        for name, block in self._resources.items():
            answer.resource_schemas[name].CopyFrom(_schema(block))
        for name, block in self._data.items():
            answer.data_source_schemas[name].CopyFrom(_schema(block))
        return answer

    def ConfigureProvider(self, request: Any, _context: Any) -> Any:
        """Remember the project."""
        configured = (_decoded(request.config) or {}).get("project")
        self._project = configured if isinstance(configured, str) else self._project
        return pb.ConfigureProvider.Response()

    def ValidateResourceConfig(self, request: Any, _context: Any) -> Any:
        """What the schema's lists of choices and the API's limits refuse."""
        given = _decoded(request.config) or {}
        found = [
            *_wrong_choices(self._resources[request.type_name], given, ()),
            *limits.faults(request.type_name, given),
        ]
        return pb.ValidateResourceConfig.Response(diagnostics=_diagnostics(found))

    def PlanResourceChange(self, request: Any, _context: Any) -> Any:
        """The proposed state, unknown where the cloud decides."""
        proposed, prior = _decoded(request.proposed_new_state), _decoded(request.prior_state)
        block = self._resources[request.type_name]
        state = None if proposed is None else values.planned(block, proposed, prior)
        if state is not None and self._foresees:
            state = values.settled(block, state, kind=request.type_name, project=self._project)
        return pb.PlanResourceChange.Response(planned_state=_encoded(state))

    def ApplyResourceChange(self, request: Any, _context: Any) -> Any:
        """The planned state with the cloud's values."""
        state, kind = _decoded(request.planned_state), request.type_name
        if state is not None:
            state = values.settled(self._resources[kind], state, kind=kind, project=self._project)
        return pb.ApplyResourceChange.Response(new_state=_encoded(state))

    def ReadResource(self, request: Any, _context: Any) -> Any:
        """Nothing changes behind Terraform's back, but what a test says was changed by hand."""
        changed = self._tampered.get(request.type_name)
        if changed is None:
            return pb.ReadResource.Response(new_state=request.current_state)
        return pb.ReadResource.Response(new_state=_encoded({**_decoded(request.current_state), **changed}))

    def ReadDataSource(self, request: Any, _context: Any) -> Any:
        """Plausible values."""
        kind = request.type_name
        asked = values.planned(self._data[kind], _decoded(request.config), None)
        return pb.ReadDataSource.Response(
            state=_encoded(values.settled(self._data[kind], asked, kind=kind, project=self._project))
        )

    def UpgradeResourceState(self, request: Any, _context: Any) -> Any:
        """The state is of our own version."""
        return pb.UpgradeResourceState.Response(upgraded_state=pb.DynamicValue(json=request.raw_state.json))

    def ValidateProviderConfig(self, _request: Any, _context: Any) -> Any:
        """Nothing to refuse."""
        return pb.ValidateProviderConfig.Response()

    def ValidateDataResourceConfig(self, _request: Any, _context: Any) -> Any:
        """Nothing to refuse."""
        return pb.ValidateDataResourceConfig.Response()

    def GetFunctions(self, _request: Any, _context: Any) -> Any:
        """None."""
        return pb.GetFunctions.Response()

    def GetResourceIdentitySchemas(self, _request: Any, _context: Any) -> Any:
        """None."""
        return pb.GetResourceIdentitySchemas.Response()

    def StopProvider(self, _request: Any, _context: Any) -> Any:
        """Nothing runs."""
        return pb.StopProvider.Response()


class _Controller(controller_rpc.GRPCControllerServicer):
    def __init__(self, over: Event) -> None:
        self._over = over

    def Shutdown(self, _request: Any, _context: Any) -> Any:
        self._over.set()
        return controller.Empty()


class _Silence(stdio_rpc.GRPCStdioServicer):
    def __init__(self, over: Event) -> None:
        self._over = over

    def StreamStdio(self, _request: Any, _context: Any) -> Any:
        self._over.wait()
        yield from ()


def serve(
    schemas: Path,
    socket: Path,
    announce: Callable[[str], None],
    *,
    foresees: bool = False,
    tampered: Mapping[str, dict[str, Any]] | None = None,
) -> None:
    """Answer on a unix socket until Terraform says that it is over."""
    over = Event()
    unlimited = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]
    server = grpc.server(futures.ThreadPoolExecutor(16), options=unlimited)
    provider = Provider(json.loads(schemas.read_text()), foresees=foresees, tampered=tampered)
    rpc.add_ProviderServicer_to_server(provider, server)
    controller_rpc.add_GRPCControllerServicer_to_server(_Controller(over), server)
    stdio_rpc.add_GRPCStdioServicer_to_server(_Silence(over), server)
    server.add_insecure_port(f"unix:{socket}")
    server.start()
    announce(f"1|6|unix|{socket}|grpc|")  # go-plugin's handshake
    over.wait()
    server.stop(0.2).wait()


def _schema(block: Block) -> Any:
    return pb.Schema(version=0, block=_block(block))


def _block(block: Block) -> Any:
    made = pb.Schema.Block(version=0)
    for name, given in sorted(block["attributes"].items()):
        flags = {flag: bool(given.get(flag)) for flag in ("required", "optional", "computed")}
        made.attributes.add(name=name, type=json.dumps(given["type"]).encode(), **flags)
    for name, nested in sorted(block["blocks"].items()):
        nesting = _NESTING[nested["nesting"]]
        most = 0 if nested["nesting"] == "single" else nested["most"]
        least = 0 if nested["nesting"] == "single" else nested["least"]
        inner = _block(nested["block"])
        made.block_types.add(type_name=name, block=inner, nesting=nesting, min_items=least, max_items=most)
    return made


def _wrong_choices(block: Block, given: dict[str, Any], path: limits.Path) -> Iterable[limits.Fault]:
    for name, attribute in block["attributes"].items():
        value = given.get(name)
        if "choices" in attribute and isinstance(value, str) and value not in attribute["choices"]:
            yield (*path, name), f"{name} {value!r} is not one of {', '.join(attribute['choices'])}"
    for name, nested in block["blocks"].items():
        for index, item in enumerate(found if isinstance(found := given.get(name), list) else [found]):
            if isinstance(item, dict):
                yield from _wrong_choices(nested["block"], item, (*path, name, index))


def _diagnostics(found: Iterable[limits.Fault]) -> list[Any]:
    return [_diagnostic(path, words) for path, words in found]


def _diagnostic(path: limits.Path, words: str) -> Any:
    made = pb.Diagnostic(severity=pb.Diagnostic.ERROR, summary=words)
    for step in path:
        made.attribute.steps.add(**({"element_key_int": step} if isinstance(step, int) else {"attribute_name": step}))
    return made


def _decoded(value: Any) -> Any:
    if value.msgpack:
        return msgpack.unpackb(value.msgpack, raw=False, strict_map_key=False)
    return json.loads(value.json) if value.json else None


def _encoded(value: Any) -> Any:
    return pb.DynamicValue(msgpack=msgpack.packb(value, use_bin_type=True))
