#include <Poco/Net/MessageHeader.h>

#include <cstdint>
#include <string>

#include "changebank/daemon/http/loop/ForwardedClient.h"
#include "changebank/daemon/http/message/FieldSyntax.h"
#include "tests/fuzz/Expect.h"

using namespace changebank::http;
using changebank::fuzz::expect;
using Poco::Net::SocketAddress;

namespace {

std::optional<SocketAddress> clientOf(ForwardedField field, const Poco::Net::MessageHeader& fields) {
    static const TrustedProxies proxies({"10.0.0.0/8", "2001:db8::/32", "unix"});
    return forwardedClient({proxies, field}, {"10.0.0.1", 1}, fields);
}

/// Whatever a client sends, it does not hide what a proxy appends, to its line or as another one.
void append(ForwardedField field, const std::string& name, const std::string& forged,
            const std::string& own) {
    const SocketAddress client("192.0.2.1", 4711);
    Poco::Net::MessageHeader line;
    line.add(name, forged + ", " + own);
    expect(clientOf(field, line) == client, "the appended member counts");
    Poco::Net::MessageHeader lines;
    lines.add(name, forged);
    lines.add(name, own);
    expect(clientOf(field, lines) == client, "the appended line counts");
    Poco::Net::MessageHeader alone;
    alone.add(name, forged);
    clientOf(field, alone);
}

}  // namespace

/// The input is the field as a client sends it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string forged(reinterpret_cast<const char*>(data), size);
    if (!isFieldValue(forged)) return 0;
    append(ForwardedField::xForwardedFor, "X-Forwarded-For", forged, "192.0.2.1:4711, 10.0.0.2");
    append(ForwardedField::forwarded, "Forwarded", forged,
           "for=\"192.0.2.1:4711\";host=\"a,\\\"b\", for=\"[2001:db8::1]\"");
    return 0;
}
