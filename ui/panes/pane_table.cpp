// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/pane_table.h"

#include "ui/panes/alerts/alerts_pane.h"
#include "ui/panes/budgets/budgets_pane.h"
#include "ui/panes/cache/cache_pane.h"
#include "ui/panes/firstrun/first_run_pane.h"
#include "ui/panes/keys/keys_pane.h"
#include "ui/panes/calls/calls_pane.h"
#include "ui/panes/costs/costs_pane.h"
#include "ui/panes/overview/overview_pane.h"
#include "ui/panes/privacy/privacy_pane.h"
#include "ui/panes/prompts/prompts_pane.h"
#include "ui/panes/providers/providers_pane.h"
#include "ui/panes/routes/routes_pane.h"
#include "ui/panes/settings/settings_pane.h"
#include "ui/widgets/mode_icons.h"

using namespace Qt::StringLiterals;

namespace ui::panes {

using widgets::Icon;
using Group = PaneRow::Group;

PaneTable panes()
{
    return {
        {u"overview"_s, QT_TRANSLATE_NOOP("panes", "Overview"), Icon::Overview, Group::Watch, [](const PaneContext &c) { return new overview::OverviewPane(c); }},
        {u"calls"_s, QT_TRANSLATE_NOOP("panes", "Calls"), Icon::Calls, Group::Watch, [](const PaneContext &c) { return new calls::CallsPane(c); }},
        {u"costs"_s, QT_TRANSLATE_NOOP("panes", "Costs"), Icon::Bars, Group::Watch, [](const PaneContext &c) { return new costs::CostsPane(c); }},
        {u"alerts"_s, QT_TRANSLATE_NOOP("panes", "Alerts"), widgets::alertsIcon, Group::Watch, [](const PaneContext &c) { return new alerts::AlertsPane(c); }},
        {u"providers"_s, QT_TRANSLATE_NOOP("panes", "Providers"), Icon::Providers, Group::SetUp, [](const PaneContext &c) { return new providers::ProvidersPane(c); }},
        {u"routes"_s, QT_TRANSLATE_NOOP("panes", "Routes"), Icon::Routes, Group::SetUp, [](const PaneContext &c) { return new routes::RoutesPane(c); }},
        {u"keys"_s, QT_TRANSLATE_NOOP("panes", "Keys"), Icon::Keys, Group::SetUp, [](const PaneContext &c) { return new keys::KeysPane(c); }},
        {u"budgets"_s, QT_TRANSLATE_NOOP("panes", "Budgets"), Icon::Gauge, Group::SetUp, [](const PaneContext &c) { return new budgets::BudgetsPane(c); }},
        {u"privacy"_s, QT_TRANSLATE_NOOP("panes", "Privacy"), Icon::Privacy, Group::SetUp, [](const PaneContext &c) { return new privacy::PrivacyPane(c); }},
        {u"prompts"_s, QT_TRANSLATE_NOOP("panes", "Prompts"), Icon::Prompts, Group::SetUp, [](const PaneContext &c) { return new prompts::PromptsPane(c); }},
        {u"cache"_s, QT_TRANSLATE_NOOP("panes", "Cache"), Icon::Cache, Group::SetUp, [](const PaneContext &c) { return new cache::CachePane(c); }},
        {u"settings"_s, QT_TRANSLATE_NOOP("panes", "Settings"), Icon::Settings, Group::Settings, [](const PaneContext &c) { return new settings::SettingsPane(c); }},
        {u"firstrun"_s, QT_TRANSLATE_NOOP("panes", "Make the first call"), Icon::Play, Group::Hidden, [](const PaneContext &c) { return new firstrun::FirstRunPane(c); }},
    };
}

} // namespace ui::panes
