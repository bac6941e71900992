// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config/yaml_writer.h"

#include "gateway/config/condition_text.h"
#include "gateway/config/entity_writer.h"

namespace gateway::config {

std::string toYaml(const Config &config, Secrets secrets)
{
    return yamlText(toNode(config, WriteOptions {.secrets = secrets}));
}

std::string toYaml(const Route &route)
{
    return yamlText(toNode(route, WriteOptions {.literal = true}));
}

std::string toYaml(const Condition &condition)
{
    return yamlText(toNode(condition, WriteOptions {.literal = true}));
}

} // namespace gateway::config
