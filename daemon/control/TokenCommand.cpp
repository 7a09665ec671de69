#include "changebank/daemon/control/TokenCommand.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <iostream>
#include <optional>
#include <string_view>
#include <utility>

#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/command_line/CommandLine.h"
#include "changebank/daemon/control/KeySetSource.h"
#include "changebank/daemon/control/TokenInspection.h"
#include "changebank/daemon/control/TokenVerification.h"
#include "changebank/daemon/control/UsageMessage.h"
#include "changebank/daemon/service/SettingsCheck.h"
#include "changebank/daemon/settings/SettingType.h"
#include "changebank/security/jose/CompactJws.h"

namespace changebank::daemon {

using namespace security;

namespace {

constexpr int exitInvalid = 1;

const Poco::Util::OptionSet& tokenOptions() {
    using Poco::Util::Option;
    static const auto all = optionSet({
        Option("jwks", "", "the key set; default: auth.jwks.uri of the settings").argument("FILE-or-URL"),
        Option("algorithms", "", "the allowed algorithms, such as RS256,ES256; default: auth.algorithms")
            .argument("LIST"),
        Option("issuer", "",
               "the expected claim iss, or the name of an issuer of the settings; default: auth.issuer")
            .argument("ISSUER"),
        Option("audience", "", "the expected claim aud, any of a comma list; default: auth.audience")
            .argument("LIST"),
        Option("signature-only", "", "verify: check only the signature, not the claims"),
        Option("config", "", "take the defaults from FILE instead of /etc/changebank/changebank.properties")
            .argument("FILE"),
        Option("json", "", "print one JSON object for the token"),
        Option("help", "", "print this text"),
    });
    return all;
}

void printTokenHelp() {
    std::cout << helpText(
        tokenOptions(), "changebankctl token inspect|verify [OPTION]... [TOKEN|-]",
        "inspect shows a token's header and claims and the key that verifies it; verify checks the token as "
        "the "
        "daemon does. With - (or no TOKEN) tokens are read from standard input, one per line, and each "
        "prints "
        "one JSON object per line. Other users of the machine can see a token on the command line.",
        "Exit status: 0 every token is valid, 1 a token is not valid, 64 usage error, 69 no key set, 78 "
        "invalid "
        "settings.");
}

int outputFault() {
    std::cerr << "changebankctl token: cannot write the output\n";
    return exitSoftware;
}

double now() {
    return static_cast<double>(
        std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
            .count());
}

/// The issuer by which to judge, with the command line's values before those of the settings.
using Request = Settings::Issuer;

/// The daemon's own files, such as its TLS key and its log, do not matter here and may be unreadable to this
/// user.
bool isOfTheDaemon(const std::string& key) {
    return key.starts_with("server.") || key == "log.target" || key == "audit.file" ||
           key.ends_with(".jwks.snapshot");
}

/// The issuer that --issuer chooses by its address or its name, else the first.
const Settings::Issuer& issuerOf(const Settings::Auth& auth, const CommandLine& line) {
    for (const auto& issuer : auth.issuers) {
        if (line.has("issuer") &&
            (line.value("issuer") == issuer.policy.issuer || line.value("issuer") == issuer.name))
            return issuer;
    }
    return auth.first();
}

/// The request, or the exit status after reporting the fault.
std::variant<Request, int> requestFrom(const CommandLine& line) {
    auto sources = SettingsSources::ofTool();
    if (line.has("config")) sources.file = std::filesystem::absolute(line.value("config")).string();
    auto parsed = readSettings(sources);
    std::erase_if(parsed.faults, [&line](const SettingFault& fault) {
        return isOfTheDaemon(fault.key) || (line.has("jwks") && fault.key.ends_with(".jwks.tokenFile"));
    });
    if (!parsed.ok()) return reportFaults(parsed, std::cerr);

    Request request = issuerOf(parsed.settings.auth, line);
    if (line.has("jwks")) {
        request.jwks.uri = line.value("jwks");
        request.discovery = false;
    }
    if (line.has("issuer") && line.value("issuer") != request.name)
        request.policy.issuer = line.value("issuer");
    if (line.has("audience")) {
        const auto audiences = ListType().read(line.value("audience"));
        if (const auto* bad = std::get_if<BadValue>(&audiences))
            return reportUsage("token", "--audience: " + bad->why);
        request.policy.audiences = std::get<ListType::Value>(audiences);
    }
    if (line.has("algorithms")) {
        const auto algorithms = AlgorithmSet::parse(line.value("algorithms"));
        if (!algorithms)
            return reportUsage("token", "--algorithms: not a list of " + AlgorithmSet::all().toText());
        request.policy.algorithms = *algorithms;
    }
    return request;
}

/// The output for one token, and whether the token is valid.
struct Output {
    std::string text;
    bool ok;
};

/// Processes the operand, or each line of standard input, and prints the output. Returns the exit status.
int processTokens(const CommandLine& line,
                  const std::function<Output(const std::string&, bool asJson)>& process) {
    if (!line.operands().empty() && line.operands().front() != "-") {
        const auto output = process(line.operands().front(), line.has("json"));
        std::cout << output.text << std::flush;
        return std::cout ? (output.ok ? exitOk : exitInvalid) : outputFault();
    }
    bool allOk = true;
    for (std::string token; std::getline(std::cin, token);) {
        // Lines may end with CRLF or blanks.
        token.erase(token.find_last_not_of(" \t\r") + 1);
        const auto output = process(token, true);
        std::cout << output.text;
        // Flush for a reader that waits for this line before sending the next token; otherwise write in
        // blocks.
        if (std::cin.rdbuf()->in_avail() <= 0) std::cout.flush();
        allOk = allOk && output.ok;
    }
    if (!std::cout.flush()) return outputFault();
    if (std::cin.bad()) {
        std::cerr << "changebankctl token: cannot read standard input\n";
        return exitSoftware;
    }
    return allOk ? exitOk : exitInvalid;
}

int verify(const CommandLine& line, const Request& request) {
    auto keys = readKeySet(request);
    if (const auto* fault = std::get_if<KeySetFault>(&keys)) {
        std::cerr << "changebankctl token: " << oneLine(fault->why) << '\n';
        return fault->status;
    }
    const TokenVerification verification(request.policy, std::move(std::get<ReadKeySet>(keys)),
                                         line.has("signature-only"));
    return processTokens(line, [&verification](const std::string& token, bool asJson) {
        const auto finding = verification.verify(token, now());
        return Output{(asJson ? finding.json : finding.text) + "\n", finding.valid};
    });
}

int inspect(const CommandLine& line, const Request& request) {
    std::optional<ReadKeySet> keys;
    auto read = readKeySet(request);
    if (auto* found = std::get_if<ReadKeySet>(&read)) {
        keys = std::move(*found);
    } else {
        std::cerr << "changebankctl token: " << oneLine(std::get<KeySetFault>(read).why) << '\n';
        if (line.has("jwks")) return std::get<KeySetFault>(read).status;
    }
    return processTokens(line, [&keys](const std::string& token, bool asJson) {
        return Output{asJson ? tokenAsJson(token, keys) + "\n" : describeToken(token, keys, now()),
                      std::holds_alternative<CompactJws>(CompactJws::parse(token))};
    });
}

}  // namespace

int runTokenCommand(const std::vector<std::string>& arguments) {
    // Gives the streams their own buffers, which long lists of tokens need.
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    const std::string name = arguments.empty() ? std::string() : arguments.front();
    if (name == "--help") {
        printTokenHelp();
        return exitOk;
    }
    if (name != "inspect" && name != "verify") return reportUsage("token", "expected inspect or verify");
    const auto parsed = CommandLine::parse(tokenOptions(), {arguments.begin() + 1, arguments.end()});
    if (const auto* fault = std::get_if<UsageFault>(&parsed)) return reportUsage("token", fault->why);
    const auto& line = std::get<CommandLine>(parsed);
    if (line.has("help")) {
        printTokenHelp();
        return exitOk;
    }
    if (line.operands().size() > 1)
        return reportUsage("token", "expected at most one TOKEN; pass several on standard input");
    const auto request = requestFrom(line);
    if (const auto* status = std::get_if<int>(&request)) return *status;
    return name == "verify" ? verify(line, std::get<Request>(request))
                            : inspect(line, std::get<Request>(request));
}

}  // namespace changebank::daemon
