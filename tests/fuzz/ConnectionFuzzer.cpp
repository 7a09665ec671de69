#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/String.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "changebank/base/handler/BlockingRequestHandler.h"
#include "changebank/base/handler/DeferredRequestHandler.h"
#include "tests/fuzz/Expect.h"
#include "tests/unit/daemon/http/HandDrivenServer.h"

using namespace changebank;
using namespace changebank::http;
using fuzz::expect;
using namespace std::chrono_literals;

namespace {

/// A request as a handler saw it.
struct Seen {
    std::string method;
    std::string target;
    std::vector<std::pair<std::string, std::string>> fields;
    std::string body;

    friend bool operator==(const Seen&, const Seen&) = default;
};
std::vector<Seen> seen;

class RecordingHandler : public Poco::Net::HTTPRequestHandler {
public:
    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override {
        Seen record{request.getMethod(), request.getURI(), {}, {}};
        for (const auto& [name, value] : request) {
            if (Poco::icompare(name, "X-Request-Id") != 0) record.fields.emplace_back(name, value);
        }
        Poco::StreamCopier::copyToString(request.stream(), record.body);
        response.set("X-Number", std::to_string(seen.size()));
        response.sendBuffer(record.body.data(), record.body.size());
        seen.push_back(std::move(record));
    }
};

class BlockingRecordingHandler : public RecordingHandler, public BlockingRequestHandler {};

class DeferredRecordingHandler : public DeferredRequestHandler {
public:
    std::unique_ptr<Poco::Net::HTTPRequestHandler> resolve(
        const Poco::Net::HTTPServerRequest& request) override {
        if (request.getURI() == "/deferred-block") return std::make_unique<BlockingRecordingHandler>();
        return std::make_unique<RecordingHandler>();
    }
};

class RecordingFactory : public Poco::Net::HTTPRequestHandlerFactory {
public:
    Poco::Net::HTTPRequestHandler* createRequestHandler(
        const Poco::Net::HTTPServerRequest& request) override {
        if (request.getURI().rfind("/deferred", 0) == 0) return new DeferredRecordingHandler;
        if (request.getURI() == "/block") return new BlockingRecordingHandler;
        return new RecordingHandler;
    }
};

ServerLimits lowLimits() {
    ServerLimits limits;
    limits.maxHeaderBytes = 1024;
    limits.maxHeaderFields = 16;
    limits.maxBodyBytes = 512;
    limits.maxChunkOverheadBytes = 128;
    return limits;
}

/// What the server answers to these bytes, sent in parts of the lengths that `nextPart` gives; then time
/// passes or not, and the client ends its side.
template <typename Parts>
std::string exchange(std::string_view bytes, Parts nextPart, bool late) {
    static test::HandDrivenServer server(new RecordingFactory, lowLimits());
    seen.clear();
    auto client = server.connect();
    while (!bytes.empty()) {
        const auto part = bytes.substr(0, nextPart());
        bytes.remove_prefix(part.size());
        client.send(part);
    }
    if (late) server.pass(1h);
    client.endWriting();
    expect(client.isEnded(), "a connection whose client ended its side is closed");
    expect(server.connections() == 0, "a closed connection leaves nothing");
    return client.received();
}

/// Everything up to a separator, which is taken off too; everything if there is none.
std::string_view take(std::string_view& text, std::string_view separator) {
    const auto part = text.substr(0, text.find(separator));
    text.remove_prefix(std::min(text.size(), part.size() + separator.size()));
    return part;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

/// Reads responses as a client does, and expects them to be in order and in form.
class ResponseReader {
public:
    explicit ResponseReader(std::string_view responses) : _rest(responses) {}

    void readAll() {
        std::size_t handled = 0;
        bool failed = false;
        bool closing = false;
        while (!_rest.empty()) {
            expect(!closing, "nothing follows the last response");
            readHead();
            if (_status == 100) continue;
            closing = field("Connection") == "close";
            if (field("X-Number").empty()) {
                failed = true;
                // The response to HEAD may omit Content-Length (RFC 9110 section 8.6).
                expect(_status >= 400 && closing &&
                           (field("Content-Length") == "0" || field("Content-Length").empty()),
                       "a parse error ends the connection");
                continue;
            }
            expect(!failed && _status == 200, "what was handled is answered");
            expect(handled < seen.size() && field("X-Number") == std::to_string(handled),
                   "responses come in order");
            const auto& request = seen[handled++];
            const bool toHead = request.method == "HEAD";
            expect(field("Content-Length") == std::to_string(request.body.size()) ||
                       (toHead && field("Content-Length").empty()),
                   "a response has its length");
            if (toHead) continue;
            expect(_rest.substr(0, request.body.size()) == request.body, "a response has its body");
            _rest.remove_prefix(request.body.size());
        }
        expect(handled == seen.size(), "every request that was handled is answered");
    }

private:
    void readHead() {
        auto head = _rest.substr(0, _rest.find("\r\n\r\n"));
        expect(head.size() + 4 <= _rest.size(), "a response's head ends");
        _rest.remove_prefix(head.size() + 4);
        const auto line = take(head, "\r\n");
        expect(line.size() > 13 && line.substr(0, 9) == "HTTP/1.1 " && line[12] == ' ', "a status line");
        _status = std::stoi(std::string(line.substr(9, 3)));
        _fields.clear();
        while (!head.empty()) {
            auto value = take(head, "\r\n");
            expect(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos,
                   "one line a field");
            const auto name = take(value, ": ");
            _fields.emplace_back(name, value);
        }
        expect(_status == 100 || !field("Date").empty(), "a date");
    }

    std::string_view field(std::string_view name) const {
        const auto found = std::find_if(_fields.begin(), _fields.end(),
                                        [name](const auto& field) { return field.first == name; });
        return found == _fields.end() ? std::string_view() : found->second;
    }

    std::string_view _rest;
    int _status = 0;
    std::vector<std::pair<std::string_view, std::string_view>> _fields;
};

/// Reads requests in the plainest way, accepting everything, and expects to find the ones
/// that were seen, one behind the other.
class RequestReader {
public:
    explicit RequestReader(std::string_view requests) : _rest(requests) {}

    void expectSeen(const Seen& request) {
        if (_rest.substr(0, 2) == "\r\n") _rest.remove_prefix(2);
        expect(_rest.find("\r\n\r\n") != std::string_view::npos, "a request that was seen has a head");
        auto head = take(_rest, "\r\n\r\n");
        auto line = take(head, "\r\n");
        expect(take(line, " ") == request.method, "the method was sent");
        expect(pathOf(take(line, " "), request.method) == request.target, "the target was sent");
        expect(line.substr(0, 7) == "HTTP/1.", "a version was sent");
        readFields(head, request);
        expect(body() == request.body, "the body was sent");
    }

private:
    static std::string pathOf(std::string_view target, std::string_view method) {
        const auto scheme = target.find("://");
        if (target.substr(0, 1) == "/" || scheme == std::string_view::npos) return std::string(target);
        const auto path = std::min(target.size(), target.find_first_of("/?", scheme + 3));
        if (path == target.size() && method == "OPTIONS") return "*";
        const std::string text(target.substr(path));
        return text.substr(0, 1) == "/" ? text : "/" + text;
    }

    void readFields(std::string_view head, const Seen& request) {
        _length = 0;
        _chunked = false;
        std::vector<std::pair<std::string, std::string>> sent;
        while (!head.empty()) {
            auto value = take(head, "\r\n");
            const std::string name(take(value, ":"));
            sent.emplace_back(name, trimmed(value));
            if (Poco::icompare(name, "Content-Length") == 0) _length = std::stoul(sent.back().second);
            if (Poco::icompare(name, "Transfer-Encoding") == 0) _chunked = true;
        }
        for (const auto& field : request.fields) {
            if (Poco::icompare(field.first, "Host") == 0) continue;
            expect(std::find(sent.begin(), sent.end(), field) != sent.end(), "the field was sent");
        }
    }

    std::string body() {
        std::string body;
        while (_chunked) {
            auto line = take(_rest, "\r\n");
            const auto size = std::stoul(std::string(take(line, ";")), nullptr, 16);
            if (size == 0) break;
            body += _rest.substr(0, size);
            _rest.remove_prefix(std::min(_rest.size(), size + 2));
        }
        while (_chunked && !take(_rest, "\r\n").empty()) {
        }
        body += _rest.substr(0, _length);
        _rest.remove_prefix(std::min(_rest.size(), _length));
        return body;
    }

    std::string_view _rest;
    std::size_t _length = 0;
    bool _chunked = false;
};

}  // namespace

/// The first byte says how the others are cut and whether the client is late; the others go to a connection.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::uint8_t control = data[0];
    const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);

    ResponseReader(exchange(
                       bytes, [&bytes] { return bytes.size(); }, control >= 128))
        .readAll();
    const auto whole = std::exchange(seen, {});
    RequestReader sent(bytes);
    for (const auto& request : whole)
        sent.expectSeen(request);

    std::uint32_t state = control;
    const auto part = [&state]() -> std::size_t {
        state = state * 1'664'525 + 1'013'904'223;
        return 1 + (state >> 24U) % 32;
    };
    ResponseReader(exchange(bytes, part, control >= 128)).readAll();
    expect(seen == whole, "how the bytes are cut changes no request");
    return 0;
}
