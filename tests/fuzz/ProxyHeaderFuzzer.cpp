#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "changebank/daemon/http/socket/ProxyHeader.h"
#include "tests/fuzz/Expect.h"

using changebank::fuzz::expect;
using changebank::http::ProxyHeader;

/// The input is what a proxy sends first. Where a header ends depends on the header alone.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto parsed = ProxyHeader::parse(input);
    if (std::holds_alternative<ProxyHeader::Incomplete>(parsed))
        expect(size < ProxyHeader::maxSize, "no header is incomplete for ever");
    if (std::holds_alternative<ProxyHeader::Malformed>(parsed)) {
        const auto longer = ProxyHeader::parse(std::string(input) + "\r\n");
        expect(std::holds_alternative<ProxyHeader::Malformed>(longer),
               "more bytes make no malformed header good");
    }
    const auto* header = std::get_if<ProxyHeader>(&parsed);
    if (header == nullptr) return 0;
    expect(header->size <= size && header->size <= ProxyHeader::maxSize, "a header has a limit");
    for (std::size_t part = 0; part < header->size; ++part) {
        expect(std::holds_alternative<ProxyHeader::Incomplete>(ProxyHeader::parse(input.substr(0, part))),
               "a part of a header is incomplete");
    }
    expect(!header->isLocal || !header->client, "a proxy that speaks for itself names nobody");
    const auto alone = ProxyHeader::parse(input.substr(0, header->size));
    expect(std::holds_alternative<ProxyHeader>(alone), "a header is one without what follows");
    expect(std::get<ProxyHeader>(alone).client == header->client, "with the same client");
    return 0;
}
