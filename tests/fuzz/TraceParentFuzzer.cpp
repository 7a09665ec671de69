#include <cstdint>
#include <string_view>

#include "changebank/base/trace/TraceParent.h"
#include "changebank/base/trace/TraceState.h"
#include "tests/fuzz/Expect.h"

using changebank::TraceParent;
using changebank::TraceState;
using changebank::fuzz::expect;

namespace {

/// Such text needs no escaping in a log, in JSON or as the value of a field.
bool isPlain(std::string_view text) {
    return text.find_first_not_of("0123456789abcdef-") == std::string_view::npos;
}

}  // namespace

/// The input is a traceparent and, on the lines behind it, tracestate fields.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    const auto takeLine = [&rest] {
        const auto end = rest.find('\n');
        const auto line = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        return line;
    };
    const auto line = takeLine();
    if (const auto parent = TraceParent::parse(line)) {
        expect(isPlain(parent->text()), "what is handed on is hexadecimal");
        expect(parent->traceId() == line.substr(3, 32), "the trace is the caller's");
        expect(TraceParent::parse(parent->text()) == parent, "what is handed on reads as the same");
    }
    TraceState state;
    while (!rest.empty())
        state.add(takeLine());
    expect(state.text().size() <= TraceState::maxSize, "a list is limited");
    TraceState again;
    again.add(state.text());
    expect(again.text() == state.text(), "a list reads as the same");
    return 0;
}
