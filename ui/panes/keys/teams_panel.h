// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/pane.h"
#include "ui/panes/scopes/standing.h"
#include "ui/widgets/card.h"

#include <functional>
#include <optional>
#include <string>

namespace ui::keys {

class TeamsList;

/// The teams at the left: chosen, made, renamed, deleted.
class TeamsPanel final : public widgets::Panel
{
    Q_OBJECT
public:
    explicit TeamsPanel(const panes::PaneContext &context, QWidget *parent = nullptr);

    void setTeams(const gateway::config::Config &config, const std::optional<gateway::api::UseSummary> &use, const panes::Standing &standing);
    [[nodiscard]] std::optional<std::string> team() const; ///< nullopt: all teams
    void choose(const std::optional<std::string> &team);

Q_SIGNALS:
    void teamChanged();

private:
    QWidget *makeHeader();
    void newTeam();
    void renameTeam();
    void deleteTeam();
    void fillPolicies(class QMenu *menu);
    void askTeamName(const QString &title, const QString &present, const std::function<void(const std::string &)> &done);

    gateway::api::Gateway &m_gateway;
    bridge::ViewContext &m_view;
    TeamsList *m_list;
};

} // namespace ui::keys
