// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/core/key_hash.h"
#include "gateway/privacy/policy.h"

#include <QTest>

#include <memory>
#include <string>

/// Policies out of texts, for tests.

/// @param text  what stands below `privacy`
inline std::shared_ptr<const gateway::privacy::Policy> policyOf(const std::string &text, std::string_view name = "default")
{
    const auto names = gateway::privacy::detectorNames();
    auto read = gateway::config::readPrivacy(text, names);
    if (!read) {
        QTest::qFail(read.error()[0].text().c_str(), __FILE__, __LINE__);
        return nullptr;
    }
    auto policy = gateway::privacy::Policy::compile(*read, name);
    if (!policy) {
        QTest::qFail(policy.error()[0].text().c_str(), __FILE__, __LINE__);
        return nullptr;
    }
    return *policy;
}

/// One policy, called default. @param rules  "{detect: all}, {detect: regex, ...}"
inline std::shared_ptr<const gateway::privacy::Policy> policyWith(const std::string &rules)
{
    return policyOf("policies: [{name: default, rules: [" + rules + "]}]");
}

inline const gateway::KeyHasher &testHasher()
{
    static const gateway::KeyHasher hasher {gateway::KeyHasher::Key {}};
    return hasher;
}
