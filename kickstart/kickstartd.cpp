#include <Poco/AutoPtr.h>
#include <Poco/ConsoleChannel.h>
#include <Poco/FormattingChannel.h>
#include <Poco/Logger.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/NumberParser.h>
#include <Poco/PatternFormatter.h>
#include <Poco/Util/Application.h>
#include <Poco/Util/HelpFormatter.h>
#include <Poco/Util/OptionException.h>
#include <Poco/Util/OptionSet.h>
#include <signal.h>
#include <sysexits.h>

#include <array>
#include <cstdlib>
#include <iostream>
#include <map>

#include "daemon/http/HTTPServer.h"
#include "daemon/http/ServerParams.h"
#include "kickstart/ApiRequestHandlerFactory.h"
#include "kickstart/FreshInstallation.h"
#include "kickstart/IdentityProvider.h"
#include "kickstart/Instant.h"
#include "kickstart/KeyStock.h"
#include "kickstart/Kickstart.h"
#include "kickstart/KickstartFault.h"
#include "kickstart/KickstartRunner.h"
#include "kickstart/StateFile.h"
#include "kickstart/WebhookDispatcher.h"
#include "security/Clock.h"

namespace changebank::kickstart {

namespace {

using Poco::Util::Option;

/// FusionAuth's own key, and the one that every quickstart's kickstart generates.
constexpr std::size_t keysOfAKickstart = 2;

/// An option whose value is a whole number.
struct NumberOption {
    const char* name;
    std::size_t usual;
    std::size_t lowest;
    std::size_t highest;
    const char* argument;
    const char* meaning;
};

constexpr std::array<NumberOption, 8> numberOptions{{
    {"login-failures-per-name", 5, 1, 1'000'000, "NUMBER",
     "how many failed logins of one name the login page lets through within the period"},
    {"login-failures-per-address", 50, 1, 1'000'000, "NUMBER",
     "how many failed logins it lets through from one address, with whatever names"},
    {"login-failure-period", 60, 1, 86'400, "SECONDS", "how long a failed login counts"},
    {"max-remembered", 10'000, 1, 10'000'000, "NUMBER",
     "how many names, addresses and authorization codes are remembered; the oldest make room"},
    {"max-body-bytes", 1'048'576, 1024, 1'073'741'824, "BYTES", "how long the body of a request may be"},
    {"max-connections", 10'000, 1, 1'000'000, "NUMBER", "how many connections may be open at once"},
    {"max-waiting-events", 1000, 1, 1'000'000, "NUMBER", "how many events may wait for their webhooks"},
    {"webhook-attempts", 4, 1, 100, "NUMBER", "how often an event is tried"},
}};

std::optional<std::string> environmentVariable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
}

/// What a provider begins as before the kickstart's requests.
DirectoryState installationOf(const Kickstart& kickstart, const security::Clock& clock,
                              const KeyGenerator& generator) {
    auto state = freshInstallation(kickstart.ids, clock, generator);
    state.apiKeys = kickstart.apiKeys;
    return state;
}

/// The signals that end the program. Blocked before any thread starts, so that only wait() takes them.
class TerminationSignals {
public:
    TerminationSignals() {
        sigemptyset(&_signals);
        sigaddset(&_signals, SIGINT);
        sigaddset(&_signals, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &_signals, nullptr);
    }

    void wait() const {
        int received = 0;
        sigwait(&_signals, &received);
    }

private:
    sigset_t _signals{};
};

}  // namespace

/// kickstartd, the local stand-in for FusionAuth: reads a kickstart, carries it out and serves the result on
/// loopback.
class Kickstartd : public Poco::Util::Application {
public:
    Kickstartd() { setUnixOptions(true); }

protected:
    void defineOptions(Poco::Util::OptionSet& options) override {
        Application::defineOptions(options);
        const auto add = [&](const Option& option) {
            options.addOption(Option(option).callback(
                Poco::Util::OptionCallback<Kickstartd>(this, &Kickstartd::takeOption)));
        };
        add(Option("kickstart", "", "the kickstart file to carry out; required unless there is a state")
                .argument("FILE"));
        add(Option("host", "", "the address to listen on (127.0.0.1)").argument("HOST"));
        add(Option("port", "", "the port to listen on (9011); 0 takes a free one").argument("PORT"));
        add(Option("state", "",
                   "the file that keeps keys, users and tokens from one start to the next; without it "
                   "everything is forgotten at the end")
                .argument("FILE"));
        add(Option("beyond-loopback", "",
                   "allow a --host that others than this machine can reach; see below"));
        for (const auto& number : numberOptions) {
            add(Option(number.name, "", number.meaning + (" (" + std::to_string(number.usual) + ")"))
                    .argument(number.argument));
            _numbers[number.name] = number.usual;
        }
        add(Option("version", "", "print the version and stop"));
        add(Option("help", "", "print this and stop"));
    }

    int main(const std::vector<std::string>& arguments) override {
        if (_help) return printHelp();
        if (_version) return printVersion();
        if (!arguments.empty()) return refuse("no arguments are taken, only options: " + arguments.front());
        if (_kickstart.empty() && _state.empty()) return refuse("--kickstart=FILE is required");
        const auto address = listenAddress();
        if (!address) return refuse("--host=" + _host + ": is no address; use 127.0.0.1, ::1 or localhost");
        if (!address->host().isLoopback() && !_beyondLoopback) {
            return refuse(
                "--host=" + _host +
                ": only a loopback address is served (127.0.0.1, ::1, localhost), because this stand-in "
                "is for development, speaks plain HTTP and knows everybody's password; to serve others "
                "all the same, say --beyond-loopback as well");
        }
        setUpLog();
        return serve(*address);
    }

private:
    void takeOption(const std::string& name, const std::string& value) {
        if (name == "help") _help = true;
        if (name == "version") _version = true;
        if (_help || _version) stopOptionsProcessing();
        if (name == "kickstart") _kickstart = value;
        if (name == "host") _host = value;
        if (name == "state") _state = value;
        if (name == "beyond-loopback") _beyondLoopback = true;
        if (name == "port") _port = static_cast<Poco::UInt16>(numberIn(name, value, 0, 65535));
        for (const auto& number : numberOptions) {
            if (name == number.name) _numbers[name] = numberIn(name, value, number.lowest, number.highest);
        }
    }

    static std::size_t numberIn(const std::string& name, const std::string& value, std::size_t lowest,
                                std::size_t highest) {
        Poco::UInt64 number = 0;
        if (Poco::NumberParser::tryParseUnsigned64(value, number) && number >= lowest && number <= highest) {
            return number;
        }
        throw Poco::Util::InvalidArgumentException("--" + name + "=" + value + ": must be a number from " +
                                                   std::to_string(lowest) + " to " + std::to_string(highest));
    }

    int printHelp() const {
        Poco::Util::HelpFormatter formatter(options());
        formatter.setUnixStyle(true);
        formatter.setCommand("kickstartd");
        formatter.setUsage("--kickstart=FILE [--state=FILE] [--host=HOST] [--port=PORT] [LIMITS]");
        formatter.setHeader(
            "Reads a FusionAuth kickstart file, carries it out and serves FusionAuth's APIs on a loopback "
            "address, for development and tests. With --state a kickstart is carried out at the first start "
            "only, as FusionAuth does.");
        formatter.setFooter(
            "Anybody who reaches it can try passwords over plain HTTP, so it listens beyond loopback only if "
            "both --host and --beyond-loopback say so. Exit codes: 0 stopped, 64 wrong usage, 69 cannot "
            "listen, 78 broken kickstart or state file.");
        formatter.format(std::cout);
        return EX_OK;
    }

    static int printVersion() {
        std::cout << "kickstartd " << CHANGEBANK_VERSION << std::endl;
        return EX_OK;
    }

    static int refuse(const std::string& reason) {
        std::cerr << "kickstartd: " << reason << "\nTry kickstartd --help." << std::endl;
        return EX_USAGE;
    }

    std::optional<Poco::Net::SocketAddress> listenAddress() const {
        // Poco::Net::IPAddress takes "::" for no address.
        if (_host == "::")
            return Poco::Net::SocketAddress(Poco::Net::IPAddress(Poco::Net::IPAddress::IPv6), _port);
        Poco::Net::IPAddress address;
        const std::string numeric = _host == "localhost" ? "127.0.0.1" : _host;
        if (!Poco::Net::IPAddress::tryParse(numeric, address)) return std::nullopt;
        return Poco::Net::SocketAddress(address, _port);
    }

    ProviderSettings providerSettings() const {
        ProviderSettings settings;
        settings.bodies.size = _numbers.at("max-body-bytes");
        settings.logins = {_numbers.at("login-failures-per-name"), _numbers.at("login-failures-per-address"),
                           std::chrono::seconds(_numbers.at("login-failure-period")),
                           _numbers.at("max-remembered")};
        settings.authorizationCodes = _numbers.at("max-remembered");
        return settings;
    }

    http::ServerLimits serverLimits() const {
        http::ServerLimits limits;
        limits.maxBodyBytes = _numbers.at("max-body-bytes");
        limits.maxConnections = _numbers.at("max-connections");
        return limits;
    }

    void setUpLog() {
        Poco::AutoPtr<Poco::PatternFormatter> formatter(new Poco::PatternFormatter("%H:%M:%S %t"));
        formatter->setProperty("times", "local");
        Poco::AutoPtr<Poco::ConsoleChannel> console(new Poco::ConsoleChannel(std::cerr));
        setLogger(Poco::Logger::create("kickstartd", new Poco::FormattingChannel(formatter, console)));
    }

    int serve(const Poco::Net::SocketAddress& address) {
        const TerminationSignals signals;
        try {
            standIn(address, signals);
            return EX_OK;
        } catch (const StateFault& fault) {
            std::cerr << "kickstartd: " << fault.what() << std::endl;
            return EX_CONFIG;
        } catch (const KickstartFault& fault) {
            std::cerr << "kickstartd: " << fault.what() << std::endl;
            return EX_CONFIG;
        } catch (const Poco::Net::NetException& fault) {
            std::cerr << "kickstartd: cannot listen on " << address.toString() << ": " << fault.displayText()
                      << "\nIs another program there? Choose another port with --port=PORT." << std::endl;
            return EX_UNAVAILABLE;
        }
    }

    void standIn(const Poco::Net::SocketAddress& address, const TerminationSignals& signals) {
        std::optional<StateFile> file;
        if (!_state.empty()) file.emplace(_state);
        auto kept = file ? file->read() : std::nullopt;
        if (!kept && _kickstart.empty())
            throw StateFault(_state + ": is not there yet; say --kickstart=FILE, too");
        std::optional<Kickstart> kickstart;
        if (!kept) kickstart = Kickstart::read(_kickstart, environmentVariable);

        KeyStock keys(kickstart ? keysOfAKickstart : 0);
        const auto generator = [&keys](KeyAlgorithm algorithm, int bits) {
            return keys.take(algorithm, bits);
        };
        auto& clock = security::Clock::system();
        if (kickstart) kept = installationOf(*kickstart, clock, generator);
        IdentityProvider provider(std::move(*kept), clock, generator, providerSettings());
        const auto warn = [this](const std::string& line) { logger().warning(line); };
        WebhookDispatcher webhooks(warn, {_numbers.at("max-waiting-events"),
                                          static_cast<unsigned>(_numbers.at("webhook-attempts"))});
        provider.directory().observe([&](const DirectoryState& state, const std::vector<Event>& events) {
            webhooks.announce(state, events);
        });
        if (kickstart) {
            runKickstart(*kickstart, provider.apis(), warn);
        } else {
            logger().information(_state + ": taken up; a kickstart is carried out at the first start only");
        }
        auto& directory = provider.directory();
        if (file) directory.keepWith([&file](const DirectoryState& state) { file->write(state); });
        if (kickstart) {
            directory.read([&](const DirectoryState& state) { reportUnservedGrants(state, warn); });
            directory.change([&](DirectoryState& state) {
                state.publish({"kickstart.success", state.defaultTenantId, instantOf(clock)});
            });
        }
        listen(provider, address, signals);
    }

    void listen(IdentityProvider& provider, const Poco::Net::SocketAddress& address,
                const TerminationSignals& signals) {
        const auto socket = http::listenOn(address);
        http::HTTPServer server(
            new ApiRequestHandlerFactory(provider.apis(), provider.oauth(), _numbers.at("max-body-bytes"),
                                         [this](const std::string& line) { logger().information(line); }),
            socket, new http::ServerParams(serverLimits()));
        server.start();
        std::cout << "listening on " << socket.address().toString() << std::endl;
        signals.wait();
        server.stopAll(true);
    }

    std::string _kickstart;
    std::string _state;
    std::string _host = "127.0.0.1";
    Poco::UInt16 _port = 9011;
    std::map<std::string, std::size_t> _numbers;
    bool _beyondLoopback = false;
    bool _help = false;
    bool _version = false;
};

}  // namespace changebank::kickstart

int main(int argc, char** argv) {
    Poco::AutoPtr<changebank::kickstart::Kickstartd> application(new changebank::kickstart::Kickstartd);
    try {
        application->init(argc, argv);
    } catch (const Poco::Exception& fault) {
        std::cerr << "kickstartd: " << fault.displayText() << "\nTry kickstartd --help." << std::endl;
        return EX_USAGE;
    }
    return application->run();
}
