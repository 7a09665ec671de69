#include <Poco/AutoPtr.h>
#include <Poco/ConsoleChannel.h>
#include <Poco/FormattingChannel.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/PatternFormatter.h>
#include <Poco/Util/Application.h>
#include <Poco/Util/HelpFormatter.h>
#include <Poco/Util/IntValidator.h>
#include <Poco/Util/OptionSet.h>
#include <signal.h>
#include <sysexits.h>

#include <cstdlib>
#include <iostream>

#include "changebank/base/system/Clock.h"
#include "changebank/base/text/ForeignText.h"
#include "changebank/daemon/http/HTTPServer.h"
#include "changebank/kickstart/directory/FreshInstallation.h"
#include "changebank/kickstart/file/Kickstart.h"
#include "changebank/kickstart/file/KickstartFault.h"
#include "changebank/kickstart/file/KickstartRunner.h"
#include "changebank/kickstart/server/IdentityProvider.h"
#include "changebank/kickstart/server/ProviderRequestHandlerFactory.h"
#include "changebank/kickstart/values/Limits.h"
#include "changebank/kickstart/webhooks/WebhookDispatcher.h"

namespace changebank::kickstart {

namespace {

std::optional<std::string> environmentVariable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
}

/// The state before the kickstart's requests.
DirectoryState installationOf(const Kickstart& kickstart, const Clock& clock) {
    auto state = freshInstallation(kickstart.ids, clock, SigningKey::generate(KeyAlgorithm::rs256, 2048));
    state.apiKeys = kickstart.apiKeys;
    return state;
}

}  // namespace

/// kickstartd, the local stand-in for FusionAuth: reads a kickstart, runs it and serves the result on a
/// loopback address.
class Kickstartd : public Poco::Util::Application {
public:
    Kickstartd() { setUnixOptions(true); }

protected:
    void defineOptions(Poco::Util::OptionSet& options) override {
        using Poco::Util::Option;
        Application::defineOptions(options);
        const auto add = [&](Option option) { options.addOption(option.binding(option.fullName())); };
        add(Option("kickstart", "", "the kickstart file to run; required").argument("FILE"));
        add(Option("host", "", "the loopback address to listen on (127.0.0.1)").argument("HOST"));
        add(Option("port", "", "the port to listen on (9011); 0 picks a free one")
                .argument("PORT")
                .validator(new Poco::Util::IntValidator(0, 65535)));
        add(Option("version", "", "print the version and exit"));
        add(Option("help", "", "print this help and exit"));
    }

    int main(const std::vector<std::string>& arguments) override {
        if (config().has("help")) return printHelp();
        if (config().has("version")) return printVersion();
        if (!arguments.empty()) return misused("unexpected argument: " + arguments.front());
        if (!config().has("kickstart")) return misused("--kickstart=FILE is required");
        const auto host = config().getRawString("host", "127.0.0.1");
        Poco::Net::IPAddress address;
        if (!Poco::Net::IPAddress::tryParse(host == "localhost" ? "127.0.0.1" : host, address) ||
            !address.isLoopback()) {
            return misused("--host=" + host +
                           ": must be a loopback address (127.0.0.1, ::1, localhost), because this stand-in "
                           "speaks plain HTTP and its passwords are published");
        }
        setUpLog();
        return serve({address, static_cast<Poco::UInt16>(config().getInt("port", 9011))});
    }

private:
    int printHelp() const {
        Poco::Util::HelpFormatter formatter(options());
        formatter.setUnixStyle(true);
        formatter.setCommand("kickstartd");
        formatter.setUsage("--kickstart=FILE [--host=HOST] [--port=PORT]");
        formatter.setHeader(
            "Reads a FusionAuth kickstart file, runs it and serves FusionAuth's APIs on a loopback address, "
            "for development and tests. It stores nothing on disk.");
        formatter.setFooter(
            "Exit codes: 0 stopped by a signal, 64 wrong usage, 69 cannot listen, 78 invalid kickstart "
            "file.");
        formatter.format(std::cout);
        return EX_OK;
    }

    static int printVersion() {
        std::cout << "kickstartd " << CHANGEBANK_VERSION << std::endl;
        return EX_OK;
    }

    static int misused(const std::string& reason) {
        std::cerr << "kickstartd: " << reason << "\nTry kickstartd --help." << std::endl;
        return EX_USAGE;
    }

    void setUpLog() {
        Poco::AutoPtr<Poco::PatternFormatter> formatter(new Poco::PatternFormatter("%H:%M:%S %t"));
        formatter->setProperty("times", "local");
        Poco::AutoPtr<Poco::ConsoleChannel> console(new Poco::ConsoleChannel(std::cerr));
        setLogger(Poco::Logger::create("kickstartd", new Poco::FormattingChannel(formatter, console)));
    }

    int serve(const Poco::Net::SocketAddress& address) {
        // Block the signals before any thread starts, so that only sigwait() receives them.
        sigset_t termination{};
        sigemptyset(&termination);
        sigaddset(&termination, SIGINT);
        sigaddset(&termination, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &termination, nullptr);
        try {
            standIn(address, termination);
            return EX_OK;
        } catch (const KickstartFault& fault) {
            std::cerr << "kickstartd: " << fault.what() << std::endl;
            return EX_CONFIG;
        } catch (const Poco::Net::NetException& fault) {
            std::cerr << "kickstartd: cannot listen on " << address.toString() << ": " << fault.displayText()
                      << "\nIs another program using it? Choose another port with --port=PORT." << std::endl;
            return EX_UNAVAILABLE;
        }
    }

    void standIn(const Poco::Net::SocketAddress& address, const sigset_t& termination) {
        const auto kickstart = Kickstart::read(config().getRawString("kickstart"), environmentVariable);
        const auto& clock = Clock::system();
        IdentityProvider provider(installationOf(kickstart, clock), clock);
        const auto warn = [this](const std::string& line) { logger().warning(oneLine(line)); };
        WebhookDispatcher webhooks(warn);
        provider.directory().observe([&](const DirectoryState& state, const std::vector<Event>& events) {
            webhooks.announce(state, events);
        });
        runKickstart(kickstart, provider.apis(), warn);
        provider.directory().change([&](DirectoryState& state) {
            state.sampleLogins = sampleLoginsOf(kickstart);
            reportUnservedGrants(state, warn);
        });

        const auto socket = http::listenOn(address);
        http::ServerLimits limits;
        limits.maxBodyBytes = bodyLimits.size;
        http::HTTPServer server(
            new ProviderRequestHandlerFactory(
                provider, [this](const std::string& line) { logger().information(oneLine(line)); }),
            socket, new http::ServerParams(limits));
        server.start();
        std::cout << "listening on " << socket.address().toString() << std::endl;
        int received = 0;
        sigwait(&termination, &received);
        server.stopAll(true);
    }
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
