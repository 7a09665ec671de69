#include "changebank/daemon/control/TokenCommand.h"

#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "changebank/base/system/Clock.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/base/text/Trimmed.h"
#include "changebank/daemon/command_line/CommandLine.h"
#include "changebank/daemon/control/DpopKey.h"
#include "changebank/daemon/control/DpopRequest.h"
#include "changebank/daemon/control/KeySetSource.h"
#include "changebank/daemon/control/TokenInspection.h"
#include "changebank/daemon/control/TokenVerification.h"
#include "changebank/daemon/control/client/UsageMessage.h"
#include "changebank/daemon/service/SettingsCheck.h"
#include "changebank/daemon/settings/SettingsReader.h"
#include "changebank/daemon/settings/values/SettingType.h"
#include "changebank/security/jose/CompactJws.h"

namespace changebank::daemon {

using namespace security;

namespace {

constexpr int exitInvalid = 1;

const Poco::Util::OptionSet& tokenOptions() {
    using Poco::Util::Option;
    static const auto all = optionSet({
        Option("jwks", "", "inspect, verify: the key set; default: auth.jwks.uri of the settings")
            .argument("FILE-or-URL"),
        Option("algorithms", "",
               "verify: the allowed algorithms, such as RS256,ES256; default: auth.algorithms")
            .argument("LIST"),
        Option("issuer", "",
               "inspect, verify: the expected claim iss, or the name of an issuer of the settings; default: "
               "auth.issuer")
            .argument("ISSUER"),
        Option("audience", "", "verify: the expected claim aud, any of a comma list; default: auth.audience")
            .argument("LIST"),
        Option("signature-only", "", "verify: check only the signature, not the claims"),
        Option("dpop", "",
               "inspect, verify: the DPoP proof that came with the token (RFC 9449); verify judges it even "
               "if auth.dpop is off, where the daemon refuses the token")
            .argument("PROOF"),
        Option("key", "", "prove: the private key that the token is bound to, in PEM").argument("FILE"),
        Option("method", "", "verify, prove: the method of the proof's request; default: GET")
            .argument("METHOD"),
        Option("url", "", "verify, prove: the URL of the proof's request").argument("URL"),
        Option("nonce", "", "prove: the value of the server's last DPoP-Nonce, if it demands one")
            .argument("NONCE"),
        Option("config", "",
               "inspect, verify: take the defaults from FILE instead of "
               "/etc/changebank/changebank.properties")
            .argument("FILE"),
        Option("config-dir", "",
               "inspect, verify: read DIR/*.properties after that file, instead of /etc/changebank/conf.d, "
               "which goes with the default file")
            .argument("DIR"),
        Option("json", "", "inspect, verify: print one JSON object for the token"),
        Option("help", "", "print this text"),
    });
    return all;
}

/// The options of each subcommand, besides --help.
const std::map<std::string, std::set<std::string>>& subcommands() {
    static const std::map<std::string, std::set<std::string>> all{
        {"inspect", {"jwks", "issuer", "dpop", "config", "config-dir", "json"}},
        {"verify",
         {"jwks", "algorithms", "issuer", "audience", "signature-only", "dpop", "method", "url", "config",
          "config-dir", "json"}},
        {"prove", {"key", "method", "url", "nonce"}},
    };
    return all;
}

/// What the subcommand would ignore, if anything.
std::optional<UsageFault> faultOfOptions(const std::string& name, const CommandLine& line) {
    for (const auto& option : tokenOptions()) {
        const auto& given = option.fullName();
        if (line.has(given) && !subcommands().at(name).contains(given))
            return UsageFault{"--" + given + " is of no use with " + name};
    }
    for (const char* option : {"config", "config-dir"}) {
        if (line.has(option) && line.value(option).empty())
            return UsageFault{"--" + std::string(option) + " needs a name"};
    }
    for (const char* option : {"method", "url"}) {
        if (name == "verify" && line.has(option) && !line.has("dpop"))
            return UsageFault{"--" + std::string(option) + " needs --dpop"};
    }
    return std::nullopt;
}

void printTokenHelp() {
    std::cout << helpText(
        tokenOptions(), "changebankctl token inspect|verify|prove [OPTION]... [TOKEN|-]",
        "inspect shows a token's header and claims and the key that verifies it; verify checks the token as "
        "the "
        "daemon does. With - (or no TOKEN) tokens are read from standard input, one per line, and each "
        "prints one JSON object per line. prove takes one token, which is bound to a key (RFC 9449), and "
        "prints the header fields Authorization and DPoP for one request with it, as curl's --header @FILE "
        "reads them. Other users of the machine can see a token on the command line.",
        "Exit status: 0 every token is valid, 1 a token is not valid, 64 usage error, 69 no key set, 78 "
        "invalid "
        "settings.");
}

int outputFault() {
    std::cerr << "changebankctl token: cannot write the output\n";
    return exitSoftware;
}

double now() {
    return wholeSeconds(Clock::system().wall());
}

/// The issuer by which to judge, with the command line's values before those of the settings, and which
/// proofs are good.
struct Request {
    Settings::Issuer issuer;
    DpopPolicy dpop;
};

/// The daemon's own files, such as its TLS key and its log, do not matter here and may be unreadable to this
/// user.
bool isOfTheDaemon(const std::string& key) {
    return key.starts_with("server.") || key == "log.target" || key == "audit.file" ||
           key.ends_with(".jwks.snapshot") || key == "auth.dpop.nonce.secretFile";
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
    if (line.has("config")) sources.useFile(std::filesystem::absolute(line.value("config")).string());
    if (line.has("config-dir"))
        sources.useFolder(std::filesystem::absolute(line.value("config-dir")).string());
    auto parsed = readSettings(sources);
    std::erase_if(parsed.faults, [&line](const SettingFault& fault) {
        return isOfTheDaemon(fault.key) || (line.has("jwks") && fault.key.ends_with(".jwks.tokenFile"));
    });
    if (!parsed.ok()) return reportFaults(parsed, std::cerr);

    Request request{issuerOf(parsed.settings.auth, line), parsed.settings.auth.dpop.policy};
    auto& issuer = request.issuer;
    if (line.has("jwks")) {
        issuer.jwks.uri = line.value("jwks");
        issuer.discovery = false;
    }
    if (line.has("issuer") && line.value("issuer") != issuer.name)
        issuer.policy.issuer = line.value("issuer");
    if (line.has("audience")) {
        const auto audiences = ListType().read(line.value("audience"));
        if (const auto* bad = std::get_if<BadValue>(&audiences))
            return reportUsage("token", "--audience: " + bad->why);
        issuer.policy.audiences = std::get<ListType::Value>(audiences);
    }
    if (line.has("algorithms")) {
        const auto algorithms = AlgorithmSet::parse(line.value("algorithms"));
        if (!algorithms)
            return reportUsage("token", "--algorithms: not a list of " + AlgorithmSet::all().toText());
        issuer.policy.algorithms = *algorithms;
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
    std::optional<ShownProof> proof;
    if (line.has("dpop")) {
        auto shown = DpopRequest::of(line, "url");
        if (const auto* fault = std::get_if<UsageFault>(&shown)) return reportUsage("token", fault->why);
        if (line.has("signature-only"))
            return reportUsage("token", "--dpop and --signature-only exclude each other");
        proof = ShownProof{line.value("dpop"), std::get<DpopRequest>(std::move(shown)), request.dpop};
    }
    auto keys = readKeySet(request.issuer);
    if (const auto* fault = std::get_if<KeySetFault>(&keys)) {
        std::cerr << "changebankctl token: " << oneLine(fault->why) << '\n';
        return fault->status;
    }
    const TokenVerification verification(request.issuer.policy, std::move(std::get<ReadKeySet>(keys)),
                                         line.has("signature-only"), std::move(proof));
    return processTokens(line, [&verification](const std::string& token, bool asJson) {
        const auto finding = verification.verify(token, now());
        return Output{(asJson ? finding.json : finding.text) + "\n", finding.valid};
    });
}

int inspect(const CommandLine& line, const Request& request) {
    std::optional<ReadKeySet> keys;
    auto read = readKeySet(request.issuer);
    if (auto* found = std::get_if<ReadKeySet>(&read)) {
        keys = std::move(*found);
    } else {
        std::cerr << "changebankctl token: " << oneLine(std::get<KeySetFault>(read).why) << '\n';
        if (line.has("jwks")) return std::get<KeySetFault>(read).status;
    }
    return processTokens(line, [&keys, &line](const std::string& token, bool asJson) {
        Output output{asJson ? tokenAsJson(token, keys) : describeToken(token, keys, now()),
                      std::holds_alternative<CompactJws>(CompactJws::parse(token))};
        if (line.has("dpop")) {
            const auto proof = ProofInspection::of(line.value("dpop"), token, now());
            if (asJson) output.text.insert(output.text.size() - 1, ",\"proof\":" + proof.json);
            if (!asJson) output.text += proof.text;
            output.ok = output.ok && proof.isProof;
        }
        if (asJson) output.text += '\n';
        return output;
    });
}

/// The token of the operand or of standard input, which may have blank lines behind it. std::nullopt if there
/// is no token or more than one.
std::optional<std::string> oneToken(const CommandLine& line) {
    auto token = line.operands().empty() ? "-" : line.operands().front();
    if (token == "-") {
        std::getline(std::cin, token);
        for (std::string more; std::getline(std::cin, more);) {
            if (!trimmed(more, " \t\r").empty()) return std::nullopt;
        }
    }
    token.erase(token.find_last_not_of(" \t\r") + 1);
    if (!DpopRequest::isToken(token) || std::holds_alternative<Refusal>(CompactJws::parse(token)))
        return std::nullopt;
    return token;
}

/// Prints the header fields of a request with the token.
int prove(const CommandLine& line) {
    const auto request = DpopRequest::of(line, "url");
    if (const auto* fault = std::get_if<UsageFault>(&request)) return reportUsage("token", fault->why);
    if (!line.has("key")) return reportUsage("token", "expected --key with the token's private key");
    const auto key = DpopKey::read(line.value("key"));
    if (const auto* why = std::get_if<std::string>(&key)) return reportUsage("token", *why);
    const auto token = oneToken(line);
    if (!token) return reportUsage("token", "expected one token, a JWT in the compact form");
    std::cout << std::get<DpopRequest>(request).headerFields(std::get<DpopKey>(key), *token,
                                                             static_cast<std::int64_t>(now()))
              << std::flush;
    return std::cout ? exitOk : outputFault();
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
    if (!subcommands().contains(name)) return reportUsage("token", "expected inspect, verify or prove");
    const auto parsed = CommandLine::parse(tokenOptions(), {arguments.begin() + 1, arguments.end()});
    if (const auto* fault = std::get_if<UsageFault>(&parsed)) return reportUsage("token", fault->why);
    const auto& line = std::get<CommandLine>(parsed);
    if (line.has("help")) {
        printTokenHelp();
        return exitOk;
    }
    if (line.operands().size() > 1)
        return reportUsage("token", "expected at most one TOKEN; pass several on standard input");
    if (const auto fault = faultOfOptions(name, line)) return reportUsage("token", fault->why);
    if (name == "prove") return prove(line);
    const auto request = requestFrom(line);
    if (const auto* status = std::get_if<int>(&request)) return *status;
    return name == "verify" ? verify(line, std::get<Request>(request))
                            : inspect(line, std::get<Request>(request));
}

}  // namespace changebank::daemon
