// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/keys/teams_panel.h"

#include "ui/bridge/config_draft.h"
#include "ui/bridge/text.h"
#include "ui/panes/keys/teams_list.h"
#include "ui/widgets/button.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/dialog.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::keys {

namespace {

using bridge::qt;
using bridge::utf8;
using gateway::config::Config;
using gateway::config::VirtualKey;
using widgets::Button;
using widgets::ConfirmDialog;
using widgets::Icon;
using widgets::Label;

constexpr int panelWidth = 232;
constexpr int headerHeight = 44;

} // namespace

TeamsPanel::TeamsPanel(const panes::PaneContext &context, QWidget *parent)
    : Panel(widgets::Role::Surface, Qt::RightEdge, parent), m_gateway(*context.gateway), m_view(*context.view), m_list(new TeamsList)
{
    setFixedWidth(panelWidth);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 1, 0);
    layout->setSpacing(0);
    layout->addWidget(makeHeader());
    layout->addWidget(m_list, 1);
    connect(m_list, &TeamsList::teamChanged, this, &TeamsPanel::teamChanged);
}

QWidget *TeamsPanel::makeHeader()
{
    auto *header = new QWidget;
    header->setFixedHeight(headerHeight);
    auto *layout = new QHBoxLayout(header);
    layout->setContentsMargins(16, 0, 8, 0);
    layout->addWidget(new Label(Label::Kind::Strong, tr("Teams")));
    layout->addStretch();
    auto *more = Button::iconOnly(Icon::More, tr("Change the chosen team"), nullptr, Button::Kind::Flat);
    more->setObjectName(u"keys.teamMenu"_s);
    auto *menu = new QMenu(more);
    QAction *rename = menu->addAction(tr("Rename team…"), this, &TeamsPanel::renameTeam);
    QAction *budgets = menu->addAction(tr("Budgets and limits…"), this, [this] { m_view.openPane(u"budgets"_s, u"team:"_s + qt(*team())); });
    QMenu *policies = menu->addMenu(tr("Privacy policy"));
    policies->setObjectName(u"keys.teamPolicies"_s);
    QAction *remove = menu->addAction(tr("Delete team…"), this, &TeamsPanel::deleteTeam);
    connect(more, &QPushButton::clicked, menu, [this, menu, more, rename, budgets, policies, remove] {
        const bool named = team() && !team()->empty();
        rename->setEnabled(named);
        budgets->setEnabled(named);
        remove->setEnabled(named);
        policies->menuAction()->setEnabled(named);
        fillPolicies(policies);
        menu->popup(more->mapToGlobal(QPoint(0, more->height())));
    });
    auto *add = Button::iconOnly(Icon::Plus, tr("New team"), nullptr, Button::Kind::Flat);
    add->setObjectName(u"keys.newTeam"_s);
    connect(add, &QPushButton::clicked, this, &TeamsPanel::newTeam);
    layout->addWidget(more);
    layout->addWidget(add);
    return header;
}

void TeamsPanel::setTeams(const Config &config, const std::optional<gateway::api::UseSummary> &use, const panes::Standing &standing) { m_list->setTeams(config, use, standing); }
std::optional<std::string> TeamsPanel::team() const { return m_list->team(); }
void TeamsPanel::choose(const std::optional<std::string> &team) { m_list->choose(team); }

void TeamsPanel::askTeamName(const QString &title, const QString &present, const std::function<void(const std::string &)> &done)
{
    auto *dialog = new widgets::Dialog(Icon::Team, widgets::Role::Accent, title, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(u"keys.teamDialog"_s);
    auto *name = new QLineEdit(present);
    name->setObjectName(u"keys.teamDialog.name"_s);
    name->setAccessibleName(tr("Team's name"));
    dialog->body()->addWidget(name);
    auto *cancel = dialog->addButton(Button::Kind::Plain, tr("Cancel"));
    auto *save = dialog->addButton(Button::Kind::Primary, tr("Save"));
    save->setDefault(true);
    save->setEnabled(!present.isEmpty());
    connect(name, &QLineEdit::textChanged, save, [save](const QString &text) { save->setEnabled(!text.trimmed().isEmpty()); });
    connect(cancel, &QPushButton::clicked, dialog, &QDialog::reject);
    connect(save, &QPushButton::clicked, this, [dialog, name, done] {
        const std::string entered = utf8(name->text().trimmed());
        dialog->accept();
        done(entered);
    });
    dialog->open();
    name->setFocus();
}

void TeamsPanel::newTeam()
{
    askTeamName(tr("New team"), {}, [this](const std::string &name) {
        bridge::ConfigDraft::applyNow(m_gateway, m_view, tr("Team \"%1\" made").arg(qt(name)), [name](Config &config) { config.teams.push_back({.id = {}, .name = name}); });
    });
}

void TeamsPanel::renameTeam()
{
    const auto team = m_list->team();
    if (!team || team->empty())
        return;
    askTeamName(tr("Rename team \"%1\"").arg(qt(*team)), qt(*team), [this, before = *team](const std::string &name) {
        bridge::ConfigDraft::applyNow(m_gateway, m_view, tr("Team \"%1\" is now \"%2\"").arg(qt(before), qt(name)), [before, name](Config &config) {
            for (gateway::config::Team &each : config.teams) {
                if (each.name == before)
                    each.name = name;
            }
            for (VirtualKey &key : config.keys) {
                if (key.team == before)
                    key.team = name;
            }
        });
    });
}

/// Which one holds for the team's keys that name none; the change is made at once.
void TeamsPanel::fillPolicies(QMenu *menu)
{
    menu->clear();
    const auto config = m_gateway.config();
    const auto chosen = team();
    const auto its = chosen ? std::ranges::find(config->teams, *chosen, &gateway::config::Team::name) : config->teams.end();
    if (its == config->teams.end())
        return;
    const auto add = [&](const QString &text, const std::string &policy) {
        QAction *action = menu->addAction(text, this, [this, name = its->name, policy, text] {
            bridge::ConfigDraft::applyNow(m_gateway, m_view, policy.empty() ? tr("Team \"%1\" has no privacy policy of its own").arg(qt(name)) : tr("Team \"%1\" is under privacy policy %2").arg(qt(name), text), [name, policy](Config &next) {
                if (const auto found = std::ranges::find(next.teams, name, &gateway::config::Team::name); found != next.teams.end())
                    found->privacy = policy;
            });
        });
        action->setCheckable(true);
        action->setChecked(its->privacy == policy);
        action->setEnabled(its->origin != gateway::config::Origin::File);
    };
    add(tr("as the route"), {});
    for (const auto &policy : config->privacyPolicies)
        add(qt(policy.name), policy.name);
}

void TeamsPanel::deleteTeam()
{
    const auto team = m_list->team();
    if (!team || team->empty())
        return;
    const auto keys = std::ranges::count(m_gateway.config()->keys, *team, &VirtualKey::team);
    auto *dialog = new ConfirmDialog(tr("Delete team \"%1\"?").arg(qt(*team)), tr("Its calls and spend stay in the log under its name."), tr("Delete team"), window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->addEffect(tr("Keys"), keys == 0 ? tr("none") : tr("%n key(s) go on without a team", nullptr, static_cast<int>(keys)));
    connect(dialog, &ConfirmDialog::confirmed, this, [this, team] {
        bridge::ConfigDraft::applyNow(m_gateway, m_view, tr("Team \"%1\" deleted").arg(qt(*team)), [team](Config &config) {
            std::erase_if(config.teams, [&](const gateway::config::Team &each) { return each.name == *team; });
            for (VirtualKey &key : config.keys) {
                if (key.team == *team)
                    key.team.clear();
            }
        });
    });
    dialog->open();
}

} // namespace ui::keys
