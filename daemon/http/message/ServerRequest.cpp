#include "changebank/daemon/http/message/ServerRequest.h"

#include <algorithm>
#include <utility>

#include "changebank/base/trace/TraceState.h"
#include "changebank/daemon/http/message/FieldSyntax.h"

namespace changebank::http {

namespace {

constexpr std::string_view idField = "X-Request-Id";
constexpr std::string_view traceParentField = "traceparent";
constexpr const char* traceStateField = "tracestate";

}  // namespace

ServerRequest::ServerRequest(const Poco::Net::HTTPServerParams& params,
                             Poco::Net::HTTPServerResponse& response)
    : _params(params), _response(response), _stream(&_buffer) {}

std::istream& ServerRequest::stream() {
    if (!_streaming) {
        _buffer.read(_body);
        _stream.clear();
        _streaming = true;
    }
    return _stream;
}

void ServerRequest::reset(std::shared_ptr<const Endpoints> endpoints, bool secure, RequestIds& ids,
                          const TraceSampling& tracing) {
    setLine({}, {}, 0);
    ids.next(_id);
    _ids = &ids;
    _tracing = tracing;
    _place.reset();
    _caller.reset();
    _trace.reset();
    _endpoints = std::move(endpoints);
    _secure = secure;
    _streaming = false;
    _body.clear();
    _receivedMethod.clear();
    _receivedPath.clear();
    _route.clear();
    _subject.clear();
    _denial = {};
}

void ServerRequest::setClient(const Poco::Net::SocketAddress& client) {
    auto endpoints = std::make_shared<Endpoints>(*_endpoints);
    endpoints->client = client;
    _endpoints = std::move(endpoints);
}

void ServerRequest::setLine(std::string_view method, std::string_view target, std::size_t pathLength) {
    _pathLength = pathLength;
    _value = method;
    setMethod(_value);
    _value = target;
    setURI(_value);
}

std::string_view ServerRequest::query() const {
    const std::string_view target = getURI();
    return target.size() > _pathLength ? target.substr(_pathLength + 1) : std::string_view{};
}

void ServerRequest::setFields(std::vector<Field>& fields) {
    takeId(fields);
    takeTrace(fields);
    if (_tracing.isOn) beginSpan();
    if (replaceValues(fields)) return;
    clear();
    for (const auto& field : fields) {
        _name = field.name;
        _value = field.value;
        add(_name, _value);
    }
}

void ServerRequest::takeId(std::vector<Field>& fields) {
    const auto isId = [](const Field& field) { return isSameName(field.name, idField); };
    const auto first = std::find_if(fields.begin(), fields.end(), isId);
    if (first != fields.end()) {
        const bool single = std::none_of(first + 1, fields.end(), isId);
        if (single && RequestIds::isWellFormed(first->value)) {
            _id = first->value;
            return;
        }
        std::erase_if(fields, isId);
    }
    fields.push_back({idField, _id});
}

/// A caller with several is not believed (W3C Trace Context, section 2.2.2 of its processing model).
void ServerRequest::takeTrace(const std::vector<Field>& fields) {
    const Field* only = nullptr;
    for (const auto& field : fields) {
        if (field.name.size() != traceParentField.size() || !isSameName(field.name, traceParentField))
            continue;
        if (only != nullptr) return;
        only = &field;
    }
    if (only != nullptr) _place = TraceParent::parse(only->value);
}

void ServerRequest::beginSpan() {
    const auto spanId = _ids->nextSpanId();
    const std::string_view span(spanId.data(), spanId.size());
    _trace.emplace();
    _trace->isSecure = _secure;
    _caller = std::exchange(_place, std::nullopt);
    if (_caller) {
        _trace->parentId = _caller->parentId();
        _trace->isSampled = _caller->isSampled();
        _place.emplace(_caller->traceId(), span, _trace->isSampled);
        return;
    }
    const auto id = _ids->nextTraceId();
    const std::string_view traceId(id.data(), id.size());
    _trace->isSampled = _tracing.samples(traceId);
    _place.emplace(traceId, span, _trace->isSampled);
}

std::string ServerRequest::traceState() const {
    TraceState state;
    // It says nothing without the trace that it is about.
    const bool isOfCaller = _trace ? _caller.has_value() : _place.has_value();
    if (!isOfCaller) return {};
    for (auto field = find(traceStateField); field != end() && isSameName(field->first, traceStateField);
         ++field)
        state.add(field->second);
    return state.text();
}

/// Returns false if the names differ.
bool ServerRequest::replaceValues(const std::vector<Field>& fields) {
    auto present = begin();
    for (const auto& field : fields) {
        if (present == end() || present->first != field.name) return false;
        // The collection is not const; POCO has only const iterators, and set() would look up each name.
        const_cast<std::string&>(present->second) = field.value;  // NOLINT(*-const-cast)
        ++present;
    }
    return present == end();
}

}  // namespace changebank::http
