// The same API on Boost.Beast's asynchronous server. Tokens are verified as header-only libraries for C++ do
// it: the key is read once, each token is decoded and parsed by nlohmann::json and verified again by OpenSSL.
// usage: peer_beast PORT KEY.pem
// Boost 1.74 uses std::exchange without its header.
#include <utility>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using Request = http::request<http::empty_body>;
using Response = http::response<http::string_body>;

namespace {

const std::string issuer = "http://localhost:9011";
const std::string audience = "e9fdb985-9173-4e01-9d73-ac2d60d1dc8e";

std::string tokenOf(const Request& request) {
    for (const auto& cookie : http::param_list("; " + std::string(request[http::field::cookie]))) {
        if (cookie.first == "app.at") return std::string(cookie.second);
    }
    const std::string header(request[http::field::authorization]);
    return header.rfind("Bearer ", 0) == 0 ? header.substr(7) : std::string();
}

using Key = std::shared_ptr<EVP_PKEY>;
using Json = nlohmann::json;

Key keyOf(const std::string& file) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(file.c_str(), "r"), std::fclose);
    EVP_PKEY* key = stream ? PEM_read_PUBKEY(stream.get(), nullptr, nullptr, nullptr) : nullptr;
    if (key == nullptr) throw std::runtime_error("no key in " + file);
    return {key, EVP_PKEY_free};
}

std::string decoded(std::string text) {
    for (auto& letter : text)
        letter = letter == '-' ? '+' : letter == '_' ? '/' : letter;
    const auto padding = (4 - text.size() % 4) % 4;
    text.append(padding, '=');
    std::string octets(text.size() / 4 * 3, '\0');
    const int length =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(octets.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    if (length < 0) throw std::invalid_argument("no base64url");
    octets.resize(static_cast<std::size_t>(length) - padding);
    return octets;
}

bool isSigned(const std::string& input, const std::string& signature, const Key& key) {
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
           EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                            signature.size(), reinterpret_cast<const unsigned char*>(input.data()),
                            input.size()) == 1;
}

bool mayCall(const std::string& token, const Key& key) try {
    const auto first = token.find('.');
    const auto second = token.find('.', first + 1);
    if (second == std::string::npos) return false;
    const auto header = Json::parse(decoded(token.substr(0, first)));
    if (header.at("alg") != "RS256" ||
        !isSigned(token.substr(0, second), decoded(token.substr(second + 1)), key))
        return false;
    const auto claims = Json::parse(decoded(token.substr(first + 1, second - first - 1)));
    if (claims.at("iss") != issuer || claims.at("aud") != audience) return false;
    if (claims.at("exp").get<std::int64_t>() <= std::time(nullptr)) return false;
    for (const auto& role : claims.at("roles")) {
        if (role == "customer" || role == "teller") return true;
    }
    return false;
} catch (const std::exception&) {
    return false;
}

Response answerTo(const Request& request, const Key& key) {
    const std::string target(request.target());
    Response response{http::status::ok, request.version()};
    response.set(http::field::content_type, "application/json; charset=utf-8");
    response.keep_alive(request.keep_alive());
    if (target == "/livez") {
        response.body() = R"({"status":"alive"})";
    } else if (!mayCall(tokenOf(request), key)) {
        response.result(http::status::unauthorized);
        response.body() = R"({"error":"invalid token"})";
    } else {
        const auto total = target.substr(target.find("total=") + 6);
        const auto cents = static_cast<long>(std::stod(total) * 100 + 0.5);
        response.body() = "{\"total\":" + total + ",\"nickels\":" + std::to_string(cents / 5) +
                          ",\"pennies\":" + std::to_string(cents % 5) + "}";
    }
    response.prepare_payload();
    return response;
}

class Session : public std::enable_shared_from_this<Session> {
public:
    Session(tcp::socket socket, const Key& key) : _stream(std::move(socket)), _key(key) {}

    void read() {
        _request = {};
        http::async_read(_stream, _buffer, _request,
                         [self = shared_from_this()](beast::error_code error, std::size_t) {
                             if (!error) self->write();
                         });
    }

private:
    void write() {
        _response.emplace(answerTo(_request, _key));
        http::async_write(_stream, *_response,
                          [self = shared_from_this()](beast::error_code error, std::size_t) {
                              if (!error && self->_response->keep_alive()) self->read();
                          });
    }

    beast::tcp_stream _stream;
    const Key& _key;
    beast::flat_buffer _buffer;
    Request _request;
    std::optional<Response> _response;
};

void accept(tcp::acceptor& acceptor, asio::io_context& context, const Key& key) {
    acceptor.async_accept(asio::make_strand(context), [&](beast::error_code error, tcp::socket socket) {
        if (!error) {
            socket.set_option(tcp::no_delay(true));
            std::make_shared<Session>(std::move(socket), key)->read();
        }
        accept(acceptor, context, key);
    });
}

}  // namespace

int main(int count, char** values) {
    if (count != 3) {
        std::cerr << "usage: peer_beast PORT KEY.pem\n";
        return 64;
    }
    const auto key = keyOf(values[2]);
    const auto threads = std::max(1U, std::thread::hardware_concurrency());
    asio::io_context context(static_cast<int>(threads));
    const auto port = static_cast<unsigned short>(std::stoul(values[1]));
    tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), port});
    acceptor.listen(4096);
    accept(acceptor, context, key);
    std::vector<std::thread> pool;
    for (unsigned i = 1; i < threads; ++i)
        pool.emplace_back([&context] { context.run(); });
    context.run();
    return 0;
}
