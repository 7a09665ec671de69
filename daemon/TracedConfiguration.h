#pragma once

#include <Poco/AutoPtr.h>
#include <Poco/Util/AbstractConfiguration.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace changebank::daemon {

/// Properties that remember which of them were asked for, for readers that do not say which they complain of.
/// For one thread.
class TracedConfiguration : public Poco::Util::AbstractConfiguration {
public:
    using Ptr = Poco::AutoPtr<TracedConfiguration>;

    explicit TracedConfiguration(std::map<std::string, std::string> properties)
        : _properties(std::move(properties)) {}

    /// The property that was found last.
    const std::string& found() const { return _found; }
    /// The property that was asked for after that and is not there, whose key ends with `.name`; empty if
    /// none was. A view tries several; this is the longest, which is the one that should be there.
    std::string missed(const std::string& name) const;
    /// The properties that nobody asked for.
    std::vector<std::string> unread() const;

protected:
    bool getRaw(const std::string& key, std::string& value) const override;
    void setRaw(const std::string& key, const std::string& value) override { _properties[key] = value; }
    void enumerate(const std::string& key, Keys& range) const override;

private:
    std::map<std::string, std::string> _properties;
    mutable std::set<std::string> _read;
    mutable std::string _found;
    mutable std::vector<std::string> _missed;
};

}  // namespace changebank::daemon
