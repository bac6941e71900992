// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/resolver.h"
#include "gateway/config/yaml_reader.h"

#include <QTest>

#include <string>

/// Configurations out of texts, for tests.

/// There is nothing outside: only "$${" means anything.
class EmptyResolver final : public gateway::config::Resolver
{
public:
    std::optional<std::string> environment(std::string_view) override { return std::nullopt; }
    gateway::Result<std::string> file(std::string_view) override { return gateway::fail(gateway::ErrorCode::NotFound, "no file"); }
    gateway::Result<std::string> vault(std::string_view) override { return gateway::fail(gateway::ErrorCode::NotFound, "no vault"); }
};

inline gateway::config::Config readYaml(const std::string &text, gateway::config::Origin origin = gateway::config::Origin::Database)
{
    EmptyResolver resolver;
    auto read = gateway::config::readConfig(text, gateway::config::ReadOptions {.file = "f", .resolver = &resolver, .origin = origin});
    if (!read) {
        QTest::qFail((read.error()[0].text() + '\n' + text).c_str(), __FILE__, __LINE__);
        return {};
    }
    return read->config;
}

inline QByteArray bytes(const std::string &text)
{
    return QByteArray::fromStdString(text);
}
