// Puts load on a server on this machine and says in one line of JSON what came back.
#include <Poco/Exception.h>
#include <Poco/NumberParser.h>

#include <fstream>
#include <iostream>
#include <map>
#include <string>

#include "tests/bench/load/LoadClient.h"

namespace {

using namespace changebank::bench;

constexpr const char* usage =
    "usage: bench_load --port=PORT [--path=/livez] [--tokens=FILE [--cookie] [--proofs=FILE]]\n"
    "                  [--connections=16] [--seconds=5] [--rate=0] [--answers=0] [--status=200]\n"
    "                  [--origin=URL]\n"
    "FILE has one token a line; they are sent in turn, in the Authorization header or in the cookie app.at.\n"
    "With --proofs, the first token is sent with one DPoP proof a line, each once, at most to the last one.\n"
    "With --rate, requests are due at that many a second, however slow the answers come.\n";

using Arguments = std::map<std::string, std::string>;

Arguments argumentsOf(int count, char** values) {
    Arguments arguments{{"port", ""},     {"path", "/livez"},    {"tokens", ""},   {"cookie", ""},
                        {"proofs", ""},   {"connections", "16"}, {"seconds", "5"}, {"rate", "0"},
                        {"answers", "0"}, {"status", "200"},     {"origin", ""}};
    for (int i = 1; i < count; ++i) {
        const std::string argument(values[i]);
        const auto equals = argument.find('=');
        const auto known =
            argument.substr(0, 2) == "--" ? arguments.find(argument.substr(2, equals - 2)) : arguments.end();
        if (known == arguments.end()) throw Poco::InvalidArgumentException(argument);
        known->second = equals == std::string::npos ? "yes" : argument.substr(equals + 1);
    }
    return arguments;
}

std::string requestOf(const Arguments& arguments, const std::string& token, const std::string& proof = {}) {
    std::string request = "GET " + arguments.at("path") + " HTTP/1.1\r\nHost: localhost\r\n";
    if (const auto& origin = arguments.at("origin"); !origin.empty()) request += "Origin: " + origin + "\r\n";
    if (!proof.empty()) {
        request += "Authorization: DPoP " + token + "\r\nDPoP: " + proof + "\r\n";
    } else if (!token.empty()) {
        const bool asCookie = !arguments.at("cookie").empty();
        request += (asCookie ? "Cookie: app.at=" : "Authorization: Bearer ") + token + "\r\n";
    }
    return request + "\r\n";
}

std::vector<std::string> linesOf(const std::string& path) {
    std::ifstream file(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);)
        lines.push_back(line);
    if (lines.empty()) throw Poco::FileNotFoundException(path);
    return lines;
}

std::vector<std::string> requestsOf(const Arguments& arguments) {
    if (arguments.at("tokens").empty()) return {requestOf(arguments, {})};
    const auto tokens = linesOf(arguments.at("tokens"));
    std::vector<std::string> requests;
    if (const auto& proofs = arguments.at("proofs"); !proofs.empty()) {
        for (const auto& proof : linesOf(proofs))
            requests.push_back(requestOf(arguments, tokens.front(), proof));
        return requests;
    }
    for (const auto& token : tokens)
        requests.push_back(requestOf(arguments, token));
    return requests;
}

LoadClient::Options optionsOf(const Arguments& arguments) {
    LoadClient::Options options;
    options.port = static_cast<std::uint16_t>(Poco::NumberParser::parseUnsigned(arguments.at("port")));
    options.connections = Poco::NumberParser::parseUnsigned(arguments.at("connections"));
    options.duration = std::chrono::milliseconds(
        static_cast<std::int64_t>(Poco::NumberParser::parseFloat(arguments.at("seconds")) * 1000));
    options.rate = Poco::NumberParser::parseFloat(arguments.at("rate"));
    options.most = Poco::NumberParser::parseUnsigned64(arguments.at("answers"));
    options.once = !arguments.at("proofs").empty();
    options.expectedStatus = Poco::NumberParser::parse(arguments.at("status"));
    return options;
}

void print(const LoadResult& result) {
    const auto microseconds = [&](double quantile) {
        return static_cast<double>(result.latency.at(quantile)) / 1000;
    };
    std::cout << "{\"answers\":" << result.answers << ",\"unexpected\":" << result.unexpected
              << ",\"failures\":" << result.failures << ",\"seconds\":" << result.seconds
              << ",\"perSecond\":" << static_cast<double>(result.answers) / result.seconds
              << ",\"p50\":" << microseconds(0.5) << ",\"p90\":" << microseconds(0.9)
              << ",\"p99\":" << microseconds(0.99) << ",\"p999\":" << microseconds(0.999)
              << ",\"max\":" << static_cast<double>(result.latency.longest()) / 1000 << "}\n";
}

}  // namespace

int main(int count, char** values) {
    try {
        const auto arguments = argumentsOf(count, values);
        print(LoadClient(optionsOf(arguments), requestsOf(arguments)).run());
        return 0;
    } catch (const Poco::Exception& error) {
        std::cerr << "bench_load: " << error.displayText() << "\n" << usage;
        return 64;
    }
}
