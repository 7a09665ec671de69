#include "changebank/daemon/control/LoginCommand.h"

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <optional>

#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/JsonText.h"
#include "changebank/base/text/Trimmed.h"
#include "changebank/daemon/command_line/CommandLine.h"
#include "changebank/daemon/control/FusionAuthLogin.h"
#include "changebank/daemon/control/HiddenInput.h"
#include "changebank/daemon/control/UsageMessage.h"
#include "changebank/daemon/process/ExitStatus.h"
#include "changebank/daemon/settings/SettingType.h"
#include "changebank/daemon/settings/SettingsReader.h"

namespace changebank::daemon {

namespace {

constexpr int exitRefused = 1;
constexpr std::chrono::seconds timeout(10);
constexpr const char* passwordVariable = "CHANGEBANKCTL_PASSWORD";
constexpr const char* apiKeyVariable = "CHANGEBANKCTL_API_KEY";

const Poco::Util::OptionSet& loginOptions() {
    using Poco::Util::Option;
    static const auto all = optionSet({
        Option("url", "", "FusionAuth's address; default: auth.issuer of the settings").argument("ADDRESS"),
        Option("application", "", "the application to log in to; default: the first of auth.audience")
            .argument("ID"),
        Option("api-key-file", "", "read FusionAuth's API key from the first line of FILE").argument("FILE"),
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
        "of the machine could read it.",
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

/// Empty if none was given: FusionAuth may not require one.
std::optional<std::string> apiKey(const CommandLine& line) {
    if (!line.has("api-key-file")) return fromEnvironment(apiKeyVariable).value_or("");
    std::ifstream file(line.value("api-key-file"));
    auto key = firstLine(file);
    return key ? std::optional<std::string>(trimmed(*key)) : std::nullopt;
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

int logIn(const CommandLine& line) {
    const auto key = apiKey(line);
    if (!key) return reportUsage("login", "no API key in the file " + inQuotes(line.value("api-key-file")));
    const auto settings = readSettings(SettingsSources::ofTool()).settings;
    const auto& policy = settings.auth.first().policy;
    const auto secret = password();
    if (!secret) return reportUsage("login", "no password: neither a terminal nor input");
    const LoginRequest request{
        .address = line.has("url") ? line.value("url") : policy.issuer,
        .apiKey = *key,
        .loginId = line.operands().front(),
        .password = *secret,
        .applicationId = line.has("application") ? line.value("application") : policy.audiences.front()};
    const auto& jwks = settings.auth.first().jwks;
    const auto token = logIn(request, {.caFile = jwks.caFile, .proxy = jwks.proxy}, timeout);
    if (const auto* fault = std::get_if<LoginFault>(&token)) return reported(*fault);
    const auto& text = std::get<std::string>(token);
    std::cout << (line.has("json") ? textOf(jsonObject({{"token", text}})) : text) << '\n';
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
    return logIn(line);
}

}  // namespace changebank::daemon
