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
    "usage: bench_load --port=PORT [--path=/livez] [--tokens=FILE] [--cookie] [--connections=16]\n"
    "                  [--seconds=5] [--rate=0] [--answers=0] [--status=200] [--origin=URL]\n"
    "FILE has one token a line; they are sent in turn, in the Authorization header or in the cookie app.at.\n"
    "With --rate, requests are due at that many a second, however slow the answers come.\n";

using Arguments = std::map<std::string, std::string>;

Arguments argumentsOf(int count, char** values) {
    Arguments arguments{{"port", ""},          {"path", "/livez"}, {"tokens", ""}, {"cookie", ""},
                        {"connections", "16"}, {"seconds", "5"},   {"rate", "0"},  {"answers", "0"},
                        {"status", "200"},     {"origin", ""}};
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

std::string requestOf(const Arguments& arguments, const std::string& token) {
    std::string request = "GET " + arguments.at("path") + " HTTP/1.1\r\nHost: localhost\r\n";
    if (const auto& origin = arguments.at("origin"); !origin.empty()) request += "Origin: " + origin + "\r\n";
    if (!token.empty()) {
        const bool asCookie = !arguments.at("cookie").empty();
        request += (asCookie ? "Cookie: app.at=" : "Authorization: Bearer ") + token + "\r\n";
    }
    return request + "\r\n";
}

std::vector<std::string> requestsOf(const Arguments& arguments) {
    if (arguments.at("tokens").empty()) return {requestOf(arguments, {})};
    std::ifstream file(arguments.at("tokens"));
    std::vector<std::string> requests;
    for (std::string token; std::getline(file, token);)
        requests.push_back(requestOf(arguments, token));
    if (requests.empty()) throw Poco::FileNotFoundException(arguments.at("tokens"));
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
