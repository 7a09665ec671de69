// The same API on Boost.Beast's asynchronous server with cpp-jwt, as their users write it.
// usage: peer_beast PORT KEY.pem
// Boost 1.74 uses std::exchange without its header.
#include <utility>

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <fstream>
#include <iostream>
#include <iterator>
#include <jwt/jwt.hpp>
#include <memory>
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

bool mayCall(const std::string& token, const std::string& pem) {
    std::error_code error;
    const auto decoded =
        jwt::decode(token, jwt::params::algorithms({"RS256"}), error, jwt::params::secret(pem),
                    jwt::params::verify(true), jwt::params::issuer(issuer), jwt::params::aud(audience));
    if (error) return false;
    const auto& claims = decoded.payload().create_json_obj();
    if (!claims.contains("roles") || !claims["roles"].is_array()) return false;
    for (const auto& role : claims["roles"]) {
        if (role == "customer" || role == "teller") return true;
    }
    return false;
}

Response answerTo(const Request& request, const std::string& pem) {
    const std::string target(request.target());
    Response response{http::status::ok, request.version()};
    response.set(http::field::content_type, "application/json; charset=utf-8");
    response.keep_alive(request.keep_alive());
    if (target == "/livez") {
        response.body() = R"({"status":"alive"})";
    } else if (!mayCall(tokenOf(request), pem)) {
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
    Session(tcp::socket socket, const std::string& pem) : _stream(std::move(socket)), _pem(pem) {}

    void read() {
        _request = {};
        http::async_read(_stream, _buffer, _request,
                         [self = shared_from_this()](beast::error_code error, std::size_t) {
                             if (!error) self->write();
                         });
    }

private:
    void write() {
        _response.emplace(answerTo(_request, _pem));
        http::async_write(_stream, *_response,
                          [self = shared_from_this()](beast::error_code error, std::size_t) {
                              if (!error && self->_response->keep_alive()) self->read();
                          });
    }

    beast::tcp_stream _stream;
    const std::string& _pem;
    beast::flat_buffer _buffer;
    Request _request;
    std::optional<Response> _response;
};

void accept(tcp::acceptor& acceptor, asio::io_context& context, const std::string& pem) {
    acceptor.async_accept(asio::make_strand(context), [&](beast::error_code error, tcp::socket socket) {
        if (!error) {
            socket.set_option(tcp::no_delay(true));
            std::make_shared<Session>(std::move(socket), pem)->read();
        }
        accept(acceptor, context, pem);
    });
}

}  // namespace

int main(int count, char** values) {
    if (count != 3) {
        std::cerr << "usage: peer_beast PORT KEY.pem\n";
        return 64;
    }
    std::ifstream file(values[2]);
    const std::string pem{std::istreambuf_iterator<char>(file), {}};
    const auto threads = std::max(1U, std::thread::hardware_concurrency());
    asio::io_context context(static_cast<int>(threads));
    const auto port = static_cast<unsigned short>(std::stoul(values[1]));
    tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), port});
    acceptor.listen(4096);
    accept(acceptor, context, pem);
    std::vector<std::thread> pool;
    for (unsigned i = 1; i < threads; ++i)
        pool.emplace_back([&context] { context.run(); });
    context.run();
    return 0;
}
