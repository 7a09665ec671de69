#include "changebank/daemon/control/LoginCommand.h"

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <system_error>

#include "changebank/base/system/Clock.h"
#include "changebank/base/system/FileReplacement.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/JsonText.h"
#include "changebank/base/text/Trimmed.h"
#include "changebank/daemon/command_line/CommandLine.h"
#include "changebank/daemon/control/DpopRequest.h"
#include "changebank/daemon/control/FusionAuthLogin.h"
#include "changebank/daemon/control/HiddenInput.h"
#include "changebank/daemon/control/client/UsageMessage.h"
#include "changebank/daemon/process/ExitStatus.h"
#include "changebank/daemon/settings/SettingsReader.h"
#include "changebank/daemon/settings/files/FileAccess.h"
#include "changebank/daemon/settings/values/SettingType.h"

namespace changebank::daemon {

namespace {

constexpr int exitRefused = 1;
constexpr std::chrono::seconds timeout(10);
constexpr const char* passwordVariable = "CHANGEBANKCTL_PASSWORD";
constexpr const char* apiKeyVariable = "CHANGEBANKCTL_API_KEY";
constexpr const char* clientSecretVariable = "CHANGEBANKCTL_CLIENT_SECRET";

const Poco::Util::OptionSet& loginOptions() {
    using Poco::Util::Option;
    static const auto all = optionSet({
        Option("url", "", "FusionAuth's address; default: auth.issuer of the settings").argument("ADDRESS"),
        Option("application", "", "the application to log in to; default: the first of auth.audience")
            .argument("ID"),
        Option("api-key-file", "", "read FusionAuth's API key from the first line of FILE").argument("FILE"),
        Option("dpop", "",
               "get a token that is bound to a key (RFC 9449), and print the header fields of one request "
               "with it; without --target, print the token"),
        Option("key", "",
               "with --dpop: the key, in PEM; the login makes it if FILE does not exist; default: a new one")
            .argument("FILE"),
        Option("method", "", "with --dpop: the request's method; default: GET").argument("METHOD"),
        Option("target", "", "with --dpop: the request's URL").argument("URL"),
        Option("nonce", "", "with --dpop: the value of the server's last DPoP-Nonce, if it demands one")
            .argument("NONCE"),
        Option("client-secret-file", "",
               "with --dpop: read the application's client secret from the first line of FILE")
            .argument("FILE"),
        Option("json", "", "print {\"token\":…} instead of the token"),
        Option("help", "", "print this text"),
    });
    return all;
}

void printLoginHelp() {
    std::cout << helpText(
        loginOptions(), "changebankctl login [OPTION]... USER",
        "Logs in with FusionAuth and prints the access token.\n\n"
        "Prompts for the password without echo, or reads it from the first line of standard input if that is "
        "not a terminal; the environment variable CHANGEBANKCTL_PASSWORD overrides both. The API key comes "
        "from CHANGEBANKCTL_API_KEY or --api-key-file. Neither can be given as an argument, since other "
        "users "
        "of the machine could read it.\n\n"
        "FusionAuth's Login API binds no tokens, so --dpop uses the OAuth grant \"password\", which the "
        "application must enable, with the client secret of CHANGEBANKCTL_CLIENT_SECRET or "
        "--client-secret-file instead of the API key. A proof is good for one request; "
        "changebankctl token prove makes further ones with the same key.",
        "Exit status: 0 logged in, 1 denied by FusionAuth, 64 usage error, 69 no response.");
}

std::optional<std::string> fromEnvironment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::optional<std::string> firstLine(std::istream& stream) {
    std::string line;
    if (!std::getline(stream, line)) return std::nullopt;
    return line;
}

std::optional<std::string> password() {
    if (auto value = fromEnvironment(passwordVariable)) return value;
    return ::isatty(STDIN_FILENO) != 0 ? askHidden("Password: ") : firstLine(std::cin);
}

/// The secret in the file of the option, or in the environment variable. Empty if none was given: FusionAuth
/// may not require one.
std::optional<std::string> secretOf(const CommandLine& line, const char* option, const char* variable) {
    if (!line.has(option)) return fromEnvironment(variable).value_or("");
    std::ifstream file(line.value(option));
    auto secret = firstLine(file);
    return secret ? std::optional<std::string>(trimmed(*secret)) : std::nullopt;
}

std::int64_t secondsNow() {
    return static_cast<std::int64_t>(wholeSeconds(Clock::system().wall()));
}

int reported(const LoginFault& fault) {
    std::cerr << "changebankctl login: " << oneLine(fault.why) << '\n';
    switch (fault.kind) {
        case LoginFault::Kind::refused:
            return exitRefused;
        case LoginFault::Kind::unreachable:
            return exitUnavailable;
        case LoginFault::Kind::unsafe:
            break;
    }
    return exitUsage;
}

/// What a login needs, or the exit status after reporting the fault. The password is asked for last.
std::variant<LoginRequest, int> requestFrom(const CommandLine& line, const Settings& settings) {
    const bool isBound = line.has("dpop");
    const char* option = isBound ? "client-secret-file" : "api-key-file";
    const auto secret = secretOf(line, option, isBound ? clientSecretVariable : apiKeyVariable);
    if (!secret) {
        return reportUsage("login", (isBound ? "no client secret in the file " : "no API key in the file ") +
                                        inQuotes(line.value(option)));
    }
    const auto word = password();
    if (!word) return reportUsage("login", "no password: neither a terminal nor input");
    const auto& policy = settings.auth.first().policy;
    return LoginRequest{
        .address = line.has("url") ? line.value("url") : policy.issuer,
        .apiKey = isBound ? "" : *secret,
        .loginId = line.operands().front(),
        .password = *word,
        .applicationId = line.has("application") ? line.value("application") : policy.audiences.front(),
        .clientSecret = isBound ? *secret : ""};
}

HttpClient::Options clientOptions(const Settings& settings) {
    const auto& jwks = settings.auth.first().jwks;
    return {.caFile = jwks.caFile, .proxy = jwks.proxy};
}

int logIn(const CommandLine& line) {
    for (const char* option : {"key", "method", "target", "nonce", "client-secret-file"}) {
        if (line.has(option)) return reportUsage("login", "--" + std::string(option) + " needs --dpop");
    }
    const auto settings = readSettings(SettingsSources::ofTool()).settings;
    const auto request = requestFrom(line, settings);
    if (const auto* status = std::get_if<int>(&request)) return *status;
    const auto token = logIn(std::get<LoginRequest>(request), clientOptions(settings), timeout);
    if (const auto* fault = std::get_if<LoginFault>(&token)) return reported(*fault);
    const auto& text = std::get<std::string>(token);
    std::cout << (line.has("json") ? textOf(jsonObject({{"token", text}})) : text) << '\n';
    return exitOk;
}

/// A key to log in with. A new one for a file is written there once the login has succeeded.
struct OwnKey {
    DpopKey key;
    std::string newFile{};

    /// Writes it, if need be. Returns std::nullopt, or what failed.
    std::optional<std::string> keep() const {
        return newFile.empty() ? std::nullopt : replaceFile(newFile, key.pem());
    }
};

/// The key of the file, which is made if it does not exist; a new one without a file. Or what is wrong.
std::variant<OwnKey, std::string> keyOf(const CommandLine& line) {
    if (!line.has("key")) return OwnKey{DpopKey::generate()};
    const auto path = line.value("key");
    std::error_code error;
    const bool exists = std::filesystem::exists(path, error);
    // A file that cannot be looked for cannot be read either, which tells why.
    if (exists || error) {
        auto read = DpopKey::read(path);
        if (auto* why = std::get_if<std::string>(&read)) return std::move(*why);
        return OwnKey{std::get<DpopKey>(std::move(read))};
    }
    if (auto fault = faultOfReplacing(std::filesystem::absolute(path, error).string()))
        return std::move(*fault);
    return OwnKey{DpopKey::generate(), path};
}

int logInBound(const CommandLine& line) {
    if (!line.has("target") && (!line.has("key") || line.has("method") || line.has("nonce")))
        return reportUsage("login", "expected --target with the URL of a request, or --key alone");
    if (line.has("api-key-file")) return reportUsage("login", "--api-key-file is of no use with --dpop");
    std::optional<DpopRequest> target;
    if (line.has("target")) {
        auto request = DpopRequest::of(line, "target");
        if (const auto* fault = std::get_if<UsageFault>(&request)) return reportUsage("login", fault->why);
        target = std::get<DpopRequest>(std::move(request));
    }
    if (target && line.has("json")) return reportUsage("login", "--json and --target exclude each other");
    const auto key = keyOf(line);
    if (const auto* fault = std::get_if<std::string>(&key)) return reportUsage("login", *fault);
    const auto settings = readSettings(SettingsSources::ofTool()).settings;
    const auto request = requestFrom(line, settings);
    if (const auto* status = std::get_if<int>(&request)) return *status;
    const auto& own = std::get<OwnKey>(key);
    const auto token =
        logInBound(std::get<LoginRequest>(request), own.key, secondsNow(), clientOptions(settings), timeout);
    if (const auto* fault = std::get_if<LoginFault>(&token)) return reported(*fault);
    if (const auto fault = own.keep()) return reportUsage("login", *fault);
    const auto& text = std::get<std::string>(token);
    if (target) {
        std::cout << target->headerFields(own.key, text, secondsNow());
    } else {
        std::cout << (line.has("json") ? textOf(jsonObject({{"token", text}})) : text) << '\n';
    }
    return exitOk;
}

}  // namespace

int runLoginCommand(const std::vector<std::string>& arguments) {
    const auto parsed = CommandLine::parse(loginOptions(), arguments);
    if (const auto* fault = std::get_if<UsageFault>(&parsed)) return reportUsage("login", fault->why);
    const auto& line = std::get<CommandLine>(parsed);
    if (line.has("help")) {
        printLoginHelp();
        return exitOk;
    }
    if (line.operands().size() != 1) return reportUsage("login", "expected the name of one USER");
    return line.has("dpop") ? logInBound(line) : logIn(line);
}

}  // namespace changebank::daemon
