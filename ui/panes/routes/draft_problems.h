// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/api/gateway.h"
#include "ui/panes/routes/plan_tree.h"

/// What a check found wrong with the routes of a draft, by route and node. Pure.
namespace ui::routes {

struct DraftProblem
{
    int route = -1;            ///< in the configuration; -1: it is about something else
    std::optional<Path> node;  ///< nullopt: the route itself
    QString where;             ///< "smart, gpt-4o"
    QString text;
    bool warning = false;      ///< it can be published all the same
};

QList<DraftProblem> draftProblems(const gateway::config::Config &config, const std::vector<gateway::api::FieldError> &problems);

} // namespace ui::routes
