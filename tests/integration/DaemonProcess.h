#pragma once

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>

#include <chrono>
#include <ctime>
#include <map>
#include <string>
#include <vector>

#include "tests/support/Process.h"
#include "tests/support/ScriptedKeyServer.h"
#include "tests/support/TemporaryFolder.h"
#include "tests/support/TokenRecipe.h"

namespace changebank::tests {

inline const std::string changebankd = CHANGEBANK_BINARY_DIR "/changebankd";
inline const std::string changebankctl = CHANGEBANK_BINARY_DIR "/changebankctl";

using Headers = std::map<std::string, std::string>;

struct HttpAnswer {
    int status;
    Poco::Net::HTTPResponse head;
    std::string body;
};

/// One request on a connection of its own.
inline HttpAnswer request(std::uint16_t port, const std::string& method, const std::string& target,
                          const Headers& headers = {}) {
    Poco::Net::HTTPClientSession session("127.0.0.1", port);
    session.setTimeout(Poco::Timespan(30, 0));
    Poco::Net::HTTPRequest request(method, target, Poco::Net::HTTPMessage::HTTP_1_1);
    for (const auto& [name, value] : headers)
        request.set(name, value);
    if (method == "POST") request.setContentLength(0);
    session.sendRequest(request);
    HttpAnswer answer{0, {}, {}};
    auto& body = session.receiveResponse(answer.head);
    Poco::StreamCopier::copyToString(body, answer.body);
    answer.status = answer.head.getStatus();
    return answer;
}

inline Headers bearer(const std::string& token) {
    return {{"Authorization", "Bearer " + token}};
}

inline const TestKey& signingKey() {
    return TestKey::shared(security::KeyFamily::rsa);
}

/// A token for the default settings that is good now.
inline TokenRecipe goodToken(const std::string& role) {
    TokenRecipe recipe(std::time(nullptr));
    recipe.claim("roles", "[\"" + role + "\"]");
    return recipe;
}

inline ScriptedKeyServer::Script goodKeys() {
    return ScriptedKeyServer::document(
        keySetOf({signingKey().jwk(R"("kid":"k1","use":"sig","alg":"RS256")")}));
}

/// A running changebankd on a free port, with its own settings file.
class DaemonProcess {
public:
    /// `settings` is the content of the file.
    explicit DaemonProcess(const std::string& settings, const Process::Environment& environment = {})
        : _file(_folder.write("changebank.properties", settings)),
          _process(changebankd,
                   {"--config=" + _file, "--define=server.port=0", "--define=admin.socket=" + adminSocket()},
                   environment),
          _port(_process.waitForPort()) {}

    std::uint16_t port() const { return _port; }
    Process& process() { return _process; }
    const std::string& file() const { return _file; }
    std::string adminSocket() const { return _folder.file("admin.sock"); }

    /// Another content for the file; takes effect with the next reload.
    void rewrite(const std::string& settings) { _folder.write("changebank.properties", settings); }

    HttpAnswer get(const std::string& target, const Headers& headers = {}) const {
        return request(_port, "GET", target, headers);
    }
    HttpAnswer post(const std::string& target, const Headers& headers = {}) const {
        return request(_port, "POST", target, headers);
    }

private:
    TemporaryFolder _folder;
    std::string _file;
    Process _process;
    std::uint16_t _port;
};

}  // namespace changebank::tests
