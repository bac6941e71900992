// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config/imports/account.h"
#include "gateway/config/imports/provider_pool.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

/// The import of LiteLLM's configurations in its parts. Internal to imports/.
namespace gateway::config::imports {

inline constexpr std::string_view environmentPrefix = "os.environ/";

/// One entry of model_list: a target, and what it adds to a plan.
struct Deployment
{
    std::size_t provider = 0;
    std::string credential {};
    TargetNode target {};
    std::optional<LimitNode> limit {}; ///< what the target alone may take
    int weight = 1;
    std::int64_t order = 0;         ///< lower ones are asked first
};

/// All entries of one model_name.
struct ModelGroup
{
    std::string name;
    std::vector<Deployment> deployments {};
    std::optional<PlanNode> router {}; ///< in place of them: it chooses among other groups
    bool drops = false;             ///< parameters that the provider does not take
};

/// What is gathered while the text is gone over.
struct Gathered
{
    Account account;
    ProviderPool pool;
    std::vector<ModelGroup> groups;
    std::map<std::string, const Node *, std::less<>> credentials; ///< credential_list by name
    std::map<std::string, std::string, std::less<>> environment;  ///< environment_variables
    const ImportOptions *options = nullptr;
    Imported result;

    ModelGroup *group(std::string_view name, bool make = true); ///< null: there is none, and none is made
    /// A text, or what "os.environ/NAME" stands for. nullopt: nobody says; that was noted then. @param secret  it may be one
    std::optional<std::string> value(const Node &node, bool secret);
};

void readModelList(Gathered &gathered, const Node &list);
/// litellm_settings, router_settings and general_settings: what becomes of them but for the routes.
void readSettings(Gathered &gathered, const Node &root);
/// What general_settings says of alerts.
void readAlerting(Gathered &gathered, const Node &root);
/// model_list's groups as routes, with what router_settings says of them.
void makeRoutes(Gathered &gathered, const Node &root);

/// The first of these maps of the root's that has the key, noting the others as ruled over; nullptr: none has.
const Node *firstOf(Gathered &gathered, const Node &root, std::initializer_list<const char *> sections, std::string_view key);

} // namespace gateway::config::imports
