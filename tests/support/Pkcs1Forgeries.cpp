#include "tests/support/Pkcs1Forgeries.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "changebank/base/system/OpenSsl.h"

namespace changebank::tests {

using namespace std::string_literals;

namespace {

constexpr char sequence = 0x30;
constexpr char octetString = 0x04;
constexpr char null = 0x05;
constexpr char objectIdentifier = 0x06;

const std::string sha256Name = "\x60\x86\x48\x01\x65\x03\x04\x02\x01"s;

/// How a DER length is written: as it must be, or in one of the longer forms that BER allows as well.
enum class LengthForm { der, oneOctet, twoOctets, threeOctets, fourOctets, eightOctets, indefinite };

constexpr LengthForm longForms[] = {LengthForm::oneOctet,   LengthForm::twoOctets,   LengthForm::threeOctets,
                                    LengthForm::fourOctets, LengthForm::eightOctets, LengthForm::indefinite};

std::size_t octetsOf(LengthForm form) {
    switch (form) {
        case LengthForm::oneOctet:
            return 1;
        case LengthForm::twoOctets:
            return 2;
        case LengthForm::threeOctets:
            return 3;
        case LengthForm::fourOctets:
            return 4;
        case LengthForm::eightOctets:
            return 8;
        default:
            return 0;
    }
}

std::string element(char tag, const std::string& content, LengthForm form = LengthForm::der) {
    const auto size = static_cast<char>(content.size());
    if (form == LengthForm::der) return std::string{tag, size} + content;
    if (form == LengthForm::indefinite) return std::string{tag, '\x80'} + content + "\0\0"s;
    const auto octets = octetsOf(form);
    return std::string{tag, static_cast<char>(0x80 + octets)} + std::string(octets - 1, '\0') + size +
           content;
}

/// The parts of a DigestInfo; a forgery changes one of them.
struct DigestInfo {
    explicit DigestInfo(std::string_view digestOctets) : digest(digestOctets) {}

    std::string digest;
    std::string name = sha256Name;
    std::string parameters = element(null, "");
    std::string afterAlgorithm{};
    std::string afterDigest{};
    char digestTag = octetString;
    LengthForm outer = LengthForm::der;
    LengthForm algorithm = LengthForm::der;
    LengthForm identifier = LengthForm::der;
    LengthForm octetsOfDigest = LengthForm::der;

    std::string encoded() const {
        return element(
            sequence,
            element(sequence, element(objectIdentifier, name, identifier) + parameters, algorithm) +
                afterAlgorithm + element(digestTag, digest, octetsOfDigest) + afterDigest,
            outer);
    }
};

/// Collects the forgeries; every member adds a family of them.
class Collector {
public:
    Collector(std::string_view digest, std::size_t size)
        : _digest(digest), _size(size), _right(pkcs1Encoded(digest, size)) {}

    std::vector<EncodedMessage> collect() {
        octetsOfTheInfo();
        algorithms();
        parameters();
        lengths();
        digests();
        garbage();
        blockTypes();
        fillers();
        shifts();
        return std::move(_messages);
    }

private:
    void add(std::string name, std::string octets) {
        if (octets == _right || octets.size() != _size) throw std::logic_error("no forgery: " + name);
        _messages.push_back({std::move(name), std::move(octets)});
    }

    /// The info behind as much padding as fits.
    void addInfo(const std::string& name, const std::string& info) {
        add(name, "\0\1"s + std::string(_size - 3 - info.size(), '\xFF') + "\0"s + info);
    }

    template <typename Change>
    void addChanged(const std::string& name, Change change) {
        DigestInfo info(_digest);
        change(info);
        addInfo(name, info.encoded());
    }

    std::string rightInfo() const { return DigestInfo(_digest).encoded(); }

    void octetsOfTheInfo() {
        const auto info = rightInfo();
        for (std::size_t i = 0; i < info.size() - _digest.size(); ++i) {
            const auto place = " at octet " + std::to_string(i) + " of the info";
            for (const int bit : {0, 1, 5, 7}) {
                auto changed = info;
                changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
                addInfo("bit " + std::to_string(bit) + place, changed);
            }
            addInfo("nothing" + place, std::string(info).erase(i, 1));
            addInfo("one octet more" + place, std::string(info).insert(i, 1, '\0'));
        }
    }

    void algorithms() {
        const std::vector<std::pair<std::string, std::string>> names{
            {"MD5", "\x2A\x86\x48\x86\xF7\x0D\x02\x05"s},
            {"SHA-1", "\x2B\x0E\x03\x02\x1A"s},
            {"SHA-224", "\x60\x86\x48\x01\x65\x03\x04\x02\x04"s},
            {"SHA-384", "\x60\x86\x48\x01\x65\x03\x04\x02\x02"s},
            {"SHA-512", "\x60\x86\x48\x01\x65\x03\x04\x02\x03"s},
            {"SHA-512/256", "\x60\x86\x48\x01\x65\x03\x04\x02\x06"s},
            {"SHA3-256", "\x60\x86\x48\x01\x65\x03\x04\x02\x08"s},
            {"sha256WithRSAEncryption", "\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0B"s},
            {"nothing", ""s},
            {"SHA-256 with an arc more", sha256Name + "\1"s},
            {"SHA-256 with an arc less", sha256Name.substr(0, 8)},
            {"SHA-256 with a padded arc", sha256Name.substr(0, 8) + "\x80\x01"s},
            {"SHA-256 in long arcs", "\x60\x80\x86\x48\x01\x65\x03\x04\x02\x01"s}};
        for (const auto& [meaning, name] : names) {
            addChanged("the name of " + meaning, [&name = name](DigestInfo& info) { info.name = name; });
        }
    }

    void parameters() {
        const std::vector<std::pair<std::string, std::string>> others{
            {"none", ""s},
            {"NULL twice", "\x05\0\x05\0"s},
            {"NULL with content", "\x05\x01\0"s},
            {"NULL with a long length", "\x05\x81\0"s},
            {"an empty sequence", "\x30\0"s},
            {"an empty set", "\x31\0"s},
            {"an empty octet string", "\x04\0"s},
            {"an empty text", "\x0C\0"s},
            {"an integer", "\x02\x01\0"s},
            {"a boolean", "\x01\x01\xFF"s},
            {"an end of contents", "\0\0"s},
            {"garbage in NULL", "\x05\x08garbage!"s},
            {"garbage in an octet string", "\x04\x40"s + std::string(64, 'g')},
            {"garbage behind NULL", "\x05\0\x04\x40"s + std::string(64, 'g')}};
        for (const auto& [meaning, text] : others) {
            addChanged("parameters: " + meaning,
                       [&text = text](DigestInfo& info) { info.parameters = text; });
        }
        // Without NULL, but the lengths around it as if it were there.
        auto unadjusted = rightInfo();
        unadjusted.erase(unadjusted.find("\x05\0"s), 2);
        addInfo("parameters: none, in lengths that count them", unadjusted);
    }

    void lengths() {
        for (const auto form : longForms) {
            const auto name = form == LengthForm::indefinite
                                  ? "indefinite length"s
                                  : "length in " + std::to_string(octetsOf(form)) + " more octets";
            addChanged(name + " of the info", [form](DigestInfo& info) { info.outer = form; });
            addChanged(name + " of the algorithm", [form](DigestInfo& info) { info.algorithm = form; });
            addChanged(name + " of the name", [form](DigestInfo& info) { info.identifier = form; });
            addChanged(name + " of the digest", [form](DigestInfo& info) { info.octetsOfDigest = form; });
            addChanged(name + " of everything", [form](DigestInfo& info) {
                info.outer = info.algorithm = info.identifier = info.octetsOfDigest = form;
            });
        }
    }

    void digests() {
        addInfo("the digest alone", _digest);
        addInfo("the digest in an octet string alone", element(octetString, _digest));
        addInfo("nothing", "");
        addInfo("the info without its digest", rightInfo().substr(0, rightInfo().size() - _digest.size()));
        for (std::size_t kept = 0; kept < _digest.size(); ++kept) {
            addChanged("the digest's first " + std::to_string(kept) + " octets",
                       [kept](DigestInfo& info) { info.digest.resize(kept); });
            auto cut = rightInfo();
            cut.resize(cut.size() - _digest.size() + kept);
            addInfo("the digest cut off after " + std::to_string(kept) + " octets", cut);
        }
        addChanged("the digest reversed",
                   [](DigestInfo& info) { std::reverse(info.digest.begin(), info.digest.end()); });
        addChanged("the digest twice", [](DigestInfo& info) { info.digest += info.digest; });
        addChanged("a digest of zeros", [](DigestInfo& info) { info.digest.assign(32, '\0'); });
        addChanged("a digest one octet longer", [](DigestInfo& info) { info.digest += '\0'; });
        for (const char tag : {'\x03', '\x0C', '\x02', '\x24', '\x30', '\x84'}) {
            addChanged("the digest under the tag " + std::to_string(static_cast<unsigned char>(tag)),
                       [tag](DigestInfo& info) { info.digestTag = tag; });
        }
        addChanged("the digest as a bit string", [](DigestInfo& info) {
            info.digestTag = '\x03';
            info.digest.insert(0, 1, '\0');
        });
        addChanged("the digest in two halves", [](DigestInfo& info) {
            const auto whole = info.digest;
            info.digestTag = '\x24';
            info.digest = element(octetString, whole.substr(0, 16)) + element(octetString, whole.substr(16));
        });
    }

    void garbage() {
        for (const auto& more : {"\0"s, "\5\0"s, "\x04\x08garbage!"s, std::string(64, 'g')}) {
            const auto size = std::to_string(more.size());
            addChanged(size + " octets behind the algorithm",
                       [&more](DigestInfo& info) { info.afterAlgorithm = more; });
            addChanged(size + " octets behind the digest",
                       [&more](DigestInfo& info) { info.afterDigest = more; });
            addInfo(size + " octets behind the info", rightInfo() + more);
        }
        // Short padding, and the rest filled up behind: what the first of these attacks did.
        const auto info = rightInfo();
        for (const std::size_t padding : {0U, 1U, 7U, 8U, 9U, 64U, 128U}) {
            for (const char filler : {'\0', '\x5A', '\xFF'}) {
                auto message = "\0\1"s + std::string(padding, '\xFF') + "\0"s + info;
                message.resize(_size, filler);
                add("padding of " + std::to_string(padding) + ", then " +
                        std::to_string(static_cast<unsigned char>(filler)),
                    message);
            }
        }
        // The garbage inside, in a length that reaches over it.
        auto inside = info;
        inside[1] = static_cast<char>(inside[1] + 64);
        addInfo("garbage that the info's length counts", inside + std::string(64, 'g'));
    }

    void blockTypes() {
        for (int type = 0; type < 256; ++type) {
            if (type == 1) continue;
            auto message = _right;
            message[1] = static_cast<char>(type);
            add("block type " + std::to_string(type), message);
        }
        for (int first = 1; first < 128; first *= 2) {
            auto message = _right;
            message[0] = static_cast<char>(first);
            add("first octet " + std::to_string(first), message);
        }
    }

    void fillers() {
        const auto separator = _size - rightInfo().size() - 1;
        for (std::size_t i = 2; i < separator; ++i) {
            auto message = _right;
            message[i] = '\0';
            add("a zero in the padding at " + std::to_string(i), message);
            message[i] = '\xFE';
            if (i % 8 == 2) add("FE in the padding at " + std::to_string(i), message);
        }
        for (const char wrong : {'\x01', '\x80', '\xFF'}) {
            auto message = _right;
            message[separator] = wrong;
            add("separator " + std::to_string(static_cast<unsigned char>(wrong)), message);
        }
        for (const char filler : {'\0', '\x01', '\x7F', '\xFE'}) {
            auto message = _right;
            std::fill(message.begin() + 2, message.begin() + static_cast<std::ptrdiff_t>(separator), filler);
            add("padding of " + std::to_string(static_cast<unsigned char>(filler)), message);
        }
    }

    void shifts() {
        add("one octet to the left", _right.substr(1) + "\0"s);
        add("one octet to the right", "\0"s + _right.substr(0, _size - 1));
        add("without the separator",
            "\0\1\xFF"s + _right.substr(2, _size - rightInfo().size() - 3) + rightInfo());
        add("zero", std::string(_size, '\0'));
        add("one", std::string(_size - 1, '\0') + "\1"s);
        add("the info and nothing before it", std::string(_size - rightInfo().size(), '\0') + rightInfo());
    }

    std::string _digest;
    std::size_t _size;
    std::string _right;
    std::vector<EncodedMessage> _messages;
};

/// The largest number whose cube is not above the given one, both big endian.
std::string cubeRoot(const std::string& cube, std::size_t size) {
    const BigNumberContext context(BN_CTX_new());
    const BigNumber wanted(BN_bin2bn(asBytes(cube), static_cast<int>(cube.size()), nullptr));
    const BigNumber root(BN_new());
    const BigNumber power(BN_new());
    for (int bit = static_cast<int>(cube.size()) * 8 / 3 + 1; bit >= 0; --bit) {
        BN_set_bit(root.get(), bit);
        BN_sqr(power.get(), root.get(), context.get());
        BN_mul(power.get(), power.get(), root.get(), context.get());
        if (BN_cmp(power.get(), wanted.get()) > 0) BN_clear_bit(root.get(), bit);
    }
    std::string text(size, '\0');
    BN_bn2binpad(root.get(), reinterpret_cast<unsigned char*>(text.data()), static_cast<int>(size));
    return text;
}

}  // namespace

std::string pkcs1Encoded(std::string_view digest, std::size_t size) {
    const auto info = DigestInfo(digest).encoded();
    return "\0\1"s + std::string(size - 3 - info.size(), '\xFF') + "\0"s + info;
}

std::vector<EncodedMessage> pkcs1Forgeries(std::string_view digest, std::size_t size) {
    return Collector(digest, size).collect();
}

std::vector<EncodedMessage> cubeRootForgeries(std::string_view digest, std::size_t size) {
    std::vector<EncodedMessage> signatures;
    const auto add = [&](const std::string& name, std::string head) {
        // Filled up with ones, so that the cube of the root below still begins with the head.
        head.resize(size, '\xFF');
        signatures.push_back({name, cubeRoot(head, size)});
    };
    const auto info = DigestInfo(digest).encoded();
    for (const std::size_t padding : {0U, 1U, 7U, 8U, 9U, 20U}) {
        const auto start = "\0\1"s + std::string(padding, '\xFF') + "\0"s;
        add("cube root behind a padding of " + std::to_string(padding), start + info);
        DigestInfo withoutNull(digest);
        withoutNull.parameters.clear();
        add("cube root behind a padding of " + std::to_string(padding) + ", without NULL",
            start + withoutNull.encoded());
        add("cube root with the digest alone behind a padding of " + std::to_string(padding),
            start + std::string(digest));
    }
    return signatures;
}

}  // namespace changebank::tests
