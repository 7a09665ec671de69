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
#include "kickstart/Kickstart.h"
#include "kickstart/KickstartFault.h"
#include "kickstart/KickstartRunner.h"
#include "kickstart/Limits.h"
#include "kickstart/WebhookDispatcher.h"
#include "security/Clock.h"

namespace changebank::kickstart {

namespace {

using Poco::Util::Option;

std::optional<std::string> environmentVariable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
}

/// What a provider begins as before the kickstart's requests.
DirectoryState installationOf(const Kickstart& kickstart, const security::Clock& clock) {
    auto state = freshInstallation(kickstart.ids, clock, SigningKey::generate(KeyAlgorithm::rs256, 2048));
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
        add(Option("kickstart", "", "the kickstart file to carry out; required").argument("FILE"));
        add(Option("host", "", "the address to listen on (127.0.0.1)").argument("HOST"));
        add(Option("port", "", "the port to listen on (9011); 0 takes a free one").argument("PORT"));
        add(Option("beyond-loopback", "",
                   "allow a --host that others than this machine can reach; see below"));
        add(Option("version", "", "print the version and stop"));
        add(Option("help", "", "print this and stop"));
    }

    int main(const std::vector<std::string>& arguments) override {
        if (_help) return printHelp();
        if (_version) return printVersion();
        if (!arguments.empty()) return refuse("no arguments are taken, only options: " + arguments.front());
        if (_kickstart.empty()) return refuse("--kickstart=FILE is required");
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
        if (name == "beyond-loopback") _beyondLoopback = true;
        if (name == "port") _port = portIn(value);
    }

    static Poco::UInt16 portIn(const std::string& value) {
        unsigned port = 0;
        if (Poco::NumberParser::tryParseUnsigned(value, port) && port <= 65535) {
            return static_cast<Poco::UInt16>(port);
        }
        throw Poco::Util::InvalidArgumentException("--port=" + value + ": must be a number from 0 to 65535");
    }

    int printHelp() const {
        Poco::Util::HelpFormatter formatter(options());
        formatter.setUnixStyle(true);
        formatter.setCommand("kickstartd");
        formatter.setUsage("--kickstart=FILE [--host=HOST] [--port=PORT]");
        formatter.setHeader(
            "Reads a FusionAuth kickstart file, carries it out and serves FusionAuth's APIs on a loopback "
            "address, for development and tests. Everything is forgotten at the end.");
        formatter.setFooter(
            "Anybody who reaches it can try passwords over plain HTTP, so it listens beyond loopback only if "
            "both --host and --beyond-loopback say so. Exit codes: 0 stopped, 64 wrong usage, 69 cannot "
            "listen, 78 broken kickstart file.");
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
        const auto kickstart = Kickstart::read(_kickstart, environmentVariable);
        const auto& clock = security::Clock::system();
        IdentityProvider provider(installationOf(kickstart, clock), clock);
        const auto warn = [this](const std::string& line) { logger().warning(line); };
        WebhookDispatcher webhooks(warn, {waitingEvents, webhookAttempts});
        provider.directory().observe([&](const DirectoryState& state, const std::vector<Event>& events) {
            webhooks.announce(state, events);
        });
        runKickstart(kickstart, provider.apis(), warn);
        provider.directory().read([&](const DirectoryState& state) { reportUnservedGrants(state, warn); });
        listen(provider, address, signals);
    }

    void listen(IdentityProvider& provider, const Poco::Net::SocketAddress& address,
                const TerminationSignals& signals) {
        const auto socket = http::listenOn(address);
        http::ServerLimits limits;
        limits.maxBodyBytes = bodyLimits.size;
        http::HTTPServer server(
            new ApiRequestHandlerFactory(provider.apis(), provider.oauth(),
                                         [this](const std::string& line) { logger().information(line); }),
            socket, new http::ServerParams(limits));
        server.start();
        std::cout << "listening on " << socket.address().toString() << std::endl;
        signals.wait();
        server.stopAll(true);
    }

    std::string _kickstart;
    std::string _host = "127.0.0.1";
    Poco::UInt16 _port = 9011;
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
