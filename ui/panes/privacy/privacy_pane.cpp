// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/privacy_pane.h"

#include "gateway/api/privacy_tools.h"
#include "ui/bridge/file_owner.h"
#include "ui/bridge/text.h"
#include "ui/panes/privacy/dry_run_panel.h"
#include "ui/panes/privacy/policy_bar.h"
#include "ui/panes/privacy/policy_edit.h"
#include "ui/panes/privacy/rule_inspector.h"
#include "ui/panes/privacy/rules_table.h"
#include "ui/panes/privacy/starter_dialog.h"
#include "ui/panes/privacy/try_panel.h"
#include "ui/widgets/states.h"
#include "ui/widgets/tab_strip.h"

#include <QAction>
#include <QHBoxLayout>
#include <QResizeEvent>
#include <QSplitter>
#include <QStackedWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::privacy {

namespace {

using bridge::qt;
using bridge::utf8;
using widgets::Button;
using widgets::Icon;
using widgets::Role;

constexpr int widestInspector = 320, narrowestInspector = 288;
constexpr int leastRules = 120, leastTrials = 210;

std::string identityOf(const Policy &policy) { return policy.id.empty() ? "name:" + policy.name : policy.id; }

} // namespace

PrivacyPane::PrivacyPane(const panes::PaneContext &paneContext, QWidget *parent)
    : Pane(paneContext, parent), m_draft(*paneContext.gateway), m_bar(new PolicyBar), m_splitter(new QSplitter(Qt::Vertical)), m_pages(new QStackedWidget),
      m_noPolicy(new widgets::EmptyState(tr("No text is looked at. A policy says what must not leave the house."))), m_noRules(new widgets::EmptyState(tr("This policy has no rules: it finds nothing."))), m_model(new RulesModel(this)),
      m_table(new RulesTable(m_model)), m_inspector(new RuleInspector(m_draft))
{
    setObjectName(u"privacy"_s);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(makeMiddle(), 1);
    row->addWidget(m_inspector);
    setUpShortcuts();
    connectBar();
    connectParts();
    refresh();
    chooseRow(0);
}

QWidget *PrivacyPane::makeMiddle()
{
    auto *middle = new QWidget;
    auto *column = new QVBoxLayout(middle);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bar);
    m_splitter->setObjectName(u"privacy.splitter"_s);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(makeRules());
    if (gateway().privacyTools()) {
        m_splitter->addWidget(makeTrials());
        m_splitter->setStretchFactor(0, 10);
        m_splitter->setStretchFactor(1, 12);
    }
    m_bar->setDryRun(m_dryRun != nullptr);
    column->addWidget(m_splitter, 1);
    return middle;
}

QWidget *PrivacyPane::makeRules()
{
    m_noPolicy->setObjectName(u"privacy.noPolicy"_s);
    m_noPolicy->setAction(Icon::Plus, tr("Begin with the starter set"));
    m_noPolicy->setNote(tr("It counts once it is saved."));
    m_noRules->setObjectName(u"privacy.noRules"_s);
    m_noRules->setPicture(false);
    m_noRules->setAction(Icon::Plus, tr("Starter set…"), Button::Kind::Plain);
    auto *surface = new widgets::Panel;
    surface->setMinimumHeight(leastRules);
    auto *column = new QVBoxLayout(surface);
    column->setContentsMargins(0, 0, 0, 0);
    m_pages->addWidget(m_noPolicy);
    m_pages->addWidget(m_noRules);
    m_pages->addWidget(m_table);
    column->addWidget(m_pages);
    return surface;
}

QWidget *PrivacyPane::makeTrials()
{
    auto &tools = *gateway().privacyTools();
    m_trialBox = new widgets::Panel(Role::Win, Qt::TopEdge);
    m_trialBox->setMinimumHeight(leastTrials);
    m_trials = new widgets::TabStrip({tr("Try it"), tr("Dry run")});
    m_trials->setObjectName(u"privacy.trials"_s);
    m_try = new TryPanel(tools, m_colors);
    m_dryRun = new DryRunPanel(tools);
    m_trialPages = new QStackedWidget;
    m_trialPages->addWidget(m_try);
    m_trialPages->addWidget(m_dryRun);
    auto *column = new QVBoxLayout(m_trialBox);
    column->setContentsMargins(0, 1, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_trials);
    column->addWidget(m_trialPages, 1);
    connect(m_trials, &widgets::TabStrip::currentChanged, this, &PrivacyPane::showTrial);
    return m_trialBox;
}

void PrivacyPane::setUpShortcuts()
{
    const auto add = [this](const QString &keys, const std::function<void()> &work) {
        auto *action = new QAction(this);
        action->setShortcut(QKeySequence(keys));
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, work);
        addAction(action);
    };
    add(u"Ctrl+Z"_s, [this] { m_draft.undoStack().undo(); });
    add(u"Ctrl+Y"_s, [this] { m_draft.undoStack().redo(); });
    add(u"Ctrl+S"_s, [this] { save(); });
    add(u"Ins"_s, [this] { m_bar->openAddMenu(); });
    if (m_try) {
        const auto test = [this] {
            openTrial(TrySample);
            m_try->tryNow();
        };
        add(u"Ctrl+Return"_s, test);
        add(u"Ctrl+Enter"_s, test);
    }
}

void PrivacyPane::connectBar()
{
    connect(m_bar, &PolicyBar::policyChosen, this, &PrivacyPane::choosePolicy);
    connect(m_bar, &PolicyBar::newWanted, this, &PrivacyPane::addPolicy);
    connect(m_bar, &PolicyBar::renameWanted, m_inspector, &RuleInspector::focusName);
    connect(m_bar, &PolicyBar::duplicateWanted, this, &PrivacyPane::duplicatePolicy);
    connect(m_bar, &PolicyBar::removeWanted, this, &PrivacyPane::removePolicy);
    connect(m_bar, &PolicyBar::addWanted, this, &PrivacyPane::addRule);
    connect(m_bar, &PolicyBar::starterWanted, this, &PrivacyPane::openStarterSet);
    connect(m_bar, &PolicyBar::answersWanted, this, [this](bool on) { edit(on ? tr("answers too") : tr("requests alone"), [on](Policy &policy) { policy.answers = on; }); });
    connect(m_bar, &PolicyBar::dryRunWanted, this, [this] {
        openTrial(TryLog);
        m_dryRun->run();
    });
    connect(m_noPolicy, &widgets::EmptyState::actionTriggered, this, &PrivacyPane::addStarterPolicy);
    connect(m_noRules, &widgets::EmptyState::actionTriggered, this, &PrivacyPane::openStarterSet);
}

void PrivacyPane::connectParts()
{
    connect(m_table, &RulesTable::chosen, this, [this](int row) {
        if (m_refreshing)
            return;
        m_place = m_model->placeAt(row);
        m_inspector->setTab(RuleInspector::RuleTab);
        showRule();
    });
    connect(m_table, &RulesTable::moveWanted, this, &PrivacyPane::moveRule);
    connect(m_model, &RulesModel::moveWanted, this, &PrivacyPane::moveRule);
    connect(m_table, &RulesTable::removeWanted, this, &PrivacyPane::removeRule);
    connect(m_table, &RulesTable::addWanted, m_bar, &PolicyBar::openAddMenu);
    connect(m_table, &RulesTable::editWanted, m_inspector, &RuleInspector::focusRule);
    connect(m_inspector, &RuleInspector::edited, this, &PrivacyPane::editRule);
    connect(m_inspector, &RuleInspector::detectorWanted, this, [this](const QString &detect) {
        edit(tr("detector of a rule"), [place = m_place, detect = utf8(detect)](Policy &policy) {
            if (place.rule >= 0 && place.rule < static_cast<int>(policy.rules.size()))
                setDetector(policy, policy.rules[static_cast<std::size_t>(place.rule)], detect);
        });
    });
    connect(m_inspector, &RuleInspector::removeWanted, this, &PrivacyPane::removeRule);
    connect(m_inspector, &RuleInspector::renamed, this, [this](const QString &name) {
        if (!editable() || policy()->name == utf8(name))
            return;
        if (policy()->id.empty())
            m_chosen = "name:" + utf8(name);
        m_draft.edit(tr("name of a policy"), [index = m_index, name = utf8(name)](Config &config) { renamePolicy(config, index, name); }, u"policy name %1"_s.arg(m_index));
    });
    connect(m_inspector, &RuleInspector::extendsWanted, this, [this](const QString &name) { edit(tr("what a policy extends"), [name = utf8(name)](Policy &policy) { policy.extends = name; }); });
    connect(m_inspector, &RuleInspector::openWanted, this, [this](const QString &pane, const QString &item) {
        if (pane == objectName())
            openItem(item);
        else
            view().openPane(pane, item);
    });
    connect(m_inspector, &RuleInspector::goToWanted, this, [this](RulePlace place) { // a copy: the inspector shows another one as the policy changes
        choosePolicy(place.policy);
        chooseRow(m_model->rowOf(place));
    });
    connect(m_inspector, &RuleInspector::saveWanted, this, &PrivacyPane::save);
    connect(&m_draft, &bridge::ConfigDraft::changed, this, &PrivacyPane::refresh);
    connect(&m_draft, &bridge::ConfigDraft::checked, this, &PrivacyPane::refresh);
}

// --- what is shown

const Policy *PrivacyPane::policy() const { return m_index >= 0 && m_index < static_cast<int>(policies().size()) ? &policies()[static_cast<std::size_t>(m_index)] : nullptr; }

bool PrivacyPane::editable() const { return policy() && policy()->origin != gateway::config::Origin::File; }

QString PrivacyPane::whyKept() const
{
    if (!policy())
        return {};
    const PolicyUsers users = usersOf(m_draft.config(), policy()->name);
    return users.locked.isEmpty() ? QString() : tr("The --config file names it: %1").arg(users.locked.join(u", "_s));
}

void PrivacyPane::refresh()
{
    m_refreshing = true;
    const auto found = std::ranges::find(policies(), m_chosen, identityOf);
    if (found != policies().end())
        m_index = static_cast<int>(found - policies().begin());
    else if (m_index >= 0 && m_index < static_cast<int>(policies().size()) && policies()[static_cast<std::size_t>(m_index)].id.empty())
        m_chosen = identityOf(policies()[static_cast<std::size_t>(m_index)]); // it was renamed back
    else
        m_index = policies().empty() ? -1 : std::clamp(m_index, 0, static_cast<int>(policies().size()) - 1);
    if (policy())
        m_chosen = identityOf(*policy());
    m_bar->show(m_draft.config(), m_index, editable(), whyKept());
    m_model->show(m_draft.config(), m_index, editable(), m_draft.problems());
    m_pages->setCurrentIndex(!policy() ? NoPolicy : m_model->rowCount() == 0 ? NoRules : Rules);
    m_inspector->setVisible(policy() != nullptr);
    if (m_trialBox)
        m_trialBox->setVisible(policy() != nullptr);
    m_bar->setDryRun(m_dryRun && policy());
    int row = m_model->rowOf(m_place);
    if (row < 0 && m_model->rowCount() > 0) {
        row = m_place.policy == m_index ? std::clamp(m_place.rule, 0, m_model->rowCount() - 1) : 0;
        m_place = m_model->placeAt(row);
    } else if (row < 0) {
        m_place = {};
    }
    m_table->choose(row);
    m_refreshing = false;
    showRule();
    if (m_try) {
        const auto tried = policy() ? std::optional(flattened(policies(), m_index)) : std::nullopt;
        m_try->setPolicy(tried);
        m_dryRun->setPolicy(tried);
    }
}

void PrivacyPane::chooseRow(int row)
{
    m_place = m_model->placeAt(row);
    m_table->choose(row);
    showRule();
}

void PrivacyPane::showRule() { m_inspector->show(m_index, m_place); }

void PrivacyPane::showTrial()
{
    m_trialPages->setCurrentIndex(m_trials->current());
    m_try->setActive(active() && m_trials->current() == TrySample);
}

void PrivacyPane::openTrial(Trial trial)
{
    m_trials->setCurrent(trial);
    showTrial();
}

// --- edits

void PrivacyPane::choosePolicy(int index)
{
    if (index < 0 || index >= static_cast<int>(policies().size()))
        return;
    m_index = index;
    m_chosen = identityOf(policies()[static_cast<std::size_t>(index)]);
    m_place = {index, 0};
    refresh();
}

void PrivacyPane::edit(const QString &what, const std::function<void(Policy &)> &change, const QString &merge)
{
    if (!editable())
        return;
    m_draft.edit(what, [index = static_cast<std::size_t>(m_index), &change](Config &config) {
        if (index < config.privacyPolicies.size())
            change(config.privacyPolicies[index]);
    }, merge.isEmpty() ? merge : u"policy %1 %2"_s.arg(m_index).arg(merge));
}

void PrivacyPane::editRule(const QString &what, const std::function<void(Rule &)> &change, const QString &merge)
{
    if (m_place.policy != m_index)
        return;
    edit(what, [rule = m_place.rule, &change](Policy &policy) {
        if (rule >= 0 && rule < static_cast<int>(policy.rules.size()))
            change(policy.rules[static_cast<std::size_t>(rule)]);
    }, merge.isEmpty() ? merge : u"rule %1 %2"_s.arg(m_place.rule).arg(merge));
}

/// The first one is the usual one, which calls run under for which nobody names another.
void PrivacyPane::addPolicy()
{
    const std::string name = freeName(m_draft.config(), gateway::config::findPolicy(policies(), gateway::config::usualPolicy) ? "policy" : std::string(gateway::config::usualPolicy));
    m_chosen = "name:" + name;
    m_draft.edit(tr("new policy"), [name](Config &config) { privacy::addPolicy(config, name); });
    m_inspector->focusName();
}

void PrivacyPane::addStarterPolicy()
{
    const std::string name = freeName(m_draft.config(), std::string(gateway::config::usualPolicy));
    m_chosen = "name:" + name;
    m_draft.edit(tr("starter set"), [name](Config &config) { privacy::addPolicy(config, name, starterRules()); });
    m_table->setFocus();
}

void PrivacyPane::duplicatePolicy()
{
    const int index = m_index;
    m_draft.edit(tr("copy of a policy"), [index](Config &config) { privacy::duplicatePolicy(config, index); });
    choosePolicy(index + 1);
    m_inspector->focusName();
}

void PrivacyPane::removePolicy()
{
    if (!editable() || !whyKept().isEmpty())
        return;
    const QString name = qt(policy()->name), users = usersText(usersOf(m_draft.config(), policy()->name));
    m_draft.edit(tr("removed policy %1").arg(name), [index = m_index](Config &config) { privacy::removePolicy(config, index); });
    view().toast(users.isEmpty() ? tr("%1 is out of the draft").arg(name) : tr("%1 is out of the draft; %2 named it and name none now").arg(name, users), [this] { m_draft.undoStack().undo(); });
}

void PrivacyPane::addRule(const QString &detect)
{
    if (!editable() || !mayAdd(*policy(), utf8(detect)))
        return;
    m_place = {m_index, static_cast<int>(policy()->rules.size())};
    edit(tr("new rule"), [detect = utf8(detect)](Policy &policy) { policy.rules.push_back(freshRule(policy, detect)); });
    m_inspector->focusRule();
}

void PrivacyPane::moveRule(int from, int to)
{
    if (!editable())
        return;
    if (from != m_movedTo || m_draft.undoStack().undoText() != tr("order of rules"))
        ++m_moves;
    m_movedTo = to;
    m_place = {m_index, to};
    edit(tr("order of rules"), [from, to](Policy &policy) { privacy::moveRule(policy, from, to); }, u"move %1"_s.arg(m_moves));
}

void PrivacyPane::removeRule()
{
    if (!editable() || m_place.policy != m_index || m_place.rule < 0)
        return;
    const QString title = ruleTitle(policy()->rules[static_cast<std::size_t>(m_place.rule)]);
    edit(tr("removed rule %1").arg(title), [rule = m_place.rule](Policy &policy) {
        if (rule < static_cast<int>(policy.rules.size()))
            policy.rules.erase(policy.rules.begin() + rule);
    });
    view().toast(tr("%1 is out of the draft").arg(title), [this] { m_draft.undoStack().undo(); });
}

void PrivacyPane::openStarterSet()
{
    if (!editable())
        return;
    auto *dialog = new StarterDialog(*policy(), window());
    connect(dialog, &StarterDialog::chosen, this, [this](const std::vector<Rule> &rules) {
        edit(tr("starter set"), [&rules](Policy &policy) {
            for (const Rule &rule : rules) {
                if (mayAdd(policy, rule.detect))
                    policy.rules.push_back(rule);
            }
        });
    });
    dialog->open();
}

void PrivacyPane::save()
{
    if (!m_inspector->maySave())
        return;
    m_draft.apply(tr("edit privacy policies"), [this](const gateway::api::ApplyOutcome &outcome) {
        if (outcome.applied)
            view().toast(tr("Saved as version %1").arg(outcome.revision));
        refresh();
    });
}

// --- the window

void PrivacyPane::activated()
{
    refresh();
    if (!m_draft.config().fileSections.empty() || std::ranges::any_of(policies(), [](const Policy &entry) { return entry.origin == gateway::config::Origin::File; }))
        bridge::askFileOwner(gateway(), this, [this](const QString &file) { m_inspector->setFileName(file); });
    if (m_try)
        showTrial();
    takeKeys(focusTarget());
}

void PrivacyPane::deactivated()
{
    if (m_try)
        m_try->setActive(false);
}

void PrivacyPane::resizeEvent(QResizeEvent *event)
{
    Pane::resizeEvent(event);
    m_inspector->setFixedWidth(std::clamp(width() * 24 / 100, narrowestInspector, widestInspector));
}

QWidget *PrivacyPane::focusTarget() const { return m_table->isVisibleTo(this) ? static_cast<QWidget *>(m_table) : nullptr; }

QList<panes::PaletteEntry> PrivacyPane::paletteEntries()
{
    QList<panes::PaletteEntry> entries;
    entries << paletteAction(Icon::Plus, tr("New privacy policy"), {}, [this] { addPolicy(); });
    if (m_dryRun && policy()) {
        entries << paletteAction(Icon::Play, tr("Dry run of a privacy policy"), {}, [this] {
            openTrial(TryLog);
            m_dryRun->run();
        });
    }
    return entries;
}

void PrivacyPane::openItem(const QString &item)
{
    const auto found = std::ranges::find(policies(), utf8(item), &Policy::name);
    if (found != policies().end())
        choosePolicy(static_cast<int>(found - policies().begin()));
}

} // namespace ui::privacy
