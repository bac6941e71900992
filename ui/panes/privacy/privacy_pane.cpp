// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/privacy/privacy_pane.h"

#include "gateway/api/privacy_tools.h"
#include "ui/bridge/file_owner.h"
#include "ui/bridge/text.h"
#include "ui/panes/privacy/dry_run_panel.h"
#include "ui/panes/privacy/findings_reader.h"
#include "ui/panes/privacy/policy_bar.h"
#include "ui/panes/privacy/policy_edit.h"
#include "ui/panes/privacy/rule_inspector.h"
#include "ui/panes/privacy/rules_table.h"
#include "ui/panes/privacy/try_panel.h"
#include "ui/widgets/format.h"
#include "ui/widgets/states.h"
#include "ui/widgets/tab_strip.h"

#include <QHBoxLayout>
#include <QResizeEvent>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::privacy {

namespace {

using bridge::qt;
using bridge::utf8;
using widgets::Icon;
using widgets::Role;

constexpr int widestInspector = 320, narrowestInspector = 288;
constexpr int leastLists = 150, leastTrials = 210;

std::string identityOf(const Policy &policy) { return policy.id.empty() ? "name:" + policy.name : policy.id; }

} // namespace

PrivacyPane::PrivacyPane(const panes::PaneContext &paneContext, QWidget *parent)
    : Pane(paneContext, parent), m_draft(*paneContext.gateway), m_bar(new PolicyBar), m_splitter(new QSplitter(Qt::Vertical)), m_lists(new widgets::TabStrip({tr("Rules"), tr("Guardrails")})), m_pages(new QStackedWidget),
      m_noPolicy(new widgets::EmptyState(tr("No text is looked at. A policy says what must not leave the house."))), m_noRules(new widgets::EmptyState(tr("This policy has no rules: it finds nothing."))),
      m_noGuardrails(new widgets::EmptyState(tr("No guardrail looks at calls as a whole: how large they are, what they may say, what form answers have."))), m_rules(makeSection(List::Rules)), m_guardrails(makeSection(List::Guardrails)),
      m_findings(new FindingsReader(paneContext.gateway->privacyTools(), [this] { return view().now(); }, this)),
      m_inspector(new RuleInspector(m_draft, [this](const QString &url) { return gateway().privacyTools() ? qt(gateway().privacyTools()->webhookSecret(utf8(url))) : QString(); }))
{
    setObjectName(u"privacy"_s);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(makeMiddle(), 1);
    row->addWidget(m_inspector);
    setUpShortcuts();
    connectBar();
    connectSection(List::Rules);
    connectSection(List::Guardrails);
    connectInspector();
    connect(m_findings, &FindingsReader::changed, this, &PrivacyPane::showHits);
    connect(&view(), &bridge::ViewContext::refreshRequested, this, [this] {
        if (active())
            m_findings->ask();
    });
    connect(&m_draft, &bridge::ConfigDraft::changed, this, &PrivacyPane::refresh);
    connect(&m_draft, &bridge::ConfigDraft::checked, this, &PrivacyPane::refresh);
    refresh();
    chooseRow(0);
}

PrivacyPane::Section PrivacyPane::makeSection(List list)
{
    Section section;
    section.model = new RulesModel(list, this);
    section.table = new RulesTable(section.model);
    return section;
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
    m_splitter->addWidget(makeLists());
    if (gateway().privacyTools()) {
        m_splitter->addWidget(makeTrials());
        m_splitter->setStretchFactor(0, 10);
        m_splitter->setStretchFactor(1, 12);
    }
    m_bar->setDryRun(m_dryRun != nullptr);
    column->addWidget(m_splitter, 1);
    return middle;
}

QWidget *PrivacyPane::makeLists()
{
    m_lists->setObjectName(u"privacy.lists"_s);
    m_noPolicy->setObjectName(u"privacy.noPolicy"_s);
    m_noPolicy->setAction(Icon::Plus, tr("Begin with the starter set"));
    m_noPolicy->setNote(tr("It counts once it is saved."));
    m_noRules->setObjectName(u"privacy.noRules"_s);
    m_noRules->setPicture(false);
    m_noRules->setAction(Icon::Plus, tr("Starter set…"), widgets::Button::Kind::Plain);
    m_noGuardrails->setObjectName(u"privacy.noGuardrails"_s);
    m_noGuardrails->setPicture(false);
    m_noGuardrails->setAction(Icon::Plus, tr("Add guardrail"), widgets::Button::Kind::Plain);
    auto *surface = new widgets::Panel;
    surface->setMinimumHeight(leastLists);
    auto *column = new QVBoxLayout(surface);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_pages->addWidget(m_noPolicy);
    m_pages->addWidget(m_noRules);
    m_pages->addWidget(m_noGuardrails);
    m_pages->addWidget(m_rules.table);
    m_pages->addWidget(m_guardrails.table);
    column->addWidget(m_lists);
    column->addWidget(m_pages, 1);
    connect(m_lists, &widgets::TabStrip::currentChanged, this, [this] {
        m_inspector->setTab(RuleInspector::RuleTab);
        refresh();
    });
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
    const auto add = [this](const QKeySequence &keys, const auto &work) { new QShortcut(keys, this, this, work, Qt::WidgetWithChildrenShortcut); };
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
    connect(m_bar, &PolicyBar::addGuardrailWanted, this, &PrivacyPane::addGuardrail);
    connect(m_bar, &PolicyBar::starterWanted, this, &PrivacyPane::openStarterSet);
    connect(m_bar, &PolicyBar::answersWanted, this, [this](bool on) { edit(on ? tr("answers too") : tr("requests alone"), [on](Policy &policy) { policy.answers = on; }); });
    connect(m_bar, &PolicyBar::dryRunWanted, this, [this] {
        openTrial(TryLog);
        m_dryRun->run();
    });
    connect(m_noPolicy, &widgets::EmptyState::actionTriggered, this, &PrivacyPane::addStarterPolicy);
    connect(m_noRules, &widgets::EmptyState::actionTriggered, this, &PrivacyPane::openStarterSet);
    connect(m_noGuardrails, &widgets::EmptyState::actionTriggered, m_bar, &PolicyBar::openAddMenu);
}

void PrivacyPane::connectSection(List list)
{
    const Section &of = list == List::Rules ? m_rules : m_guardrails;
    connect(of.table, &RulesTable::chosen, this, [this, list](int row) {
        if (m_refreshing)
            return;
        Section &chosen = list == List::Rules ? m_rules : m_guardrails;
        chosen.place = chosen.model->placeAt(row);
        m_inspector->setTab(RuleInspector::RuleTab);
        showChosen();
    });
    connect(of.table, &RulesTable::moveWanted, this, &PrivacyPane::moveEntryTo);
    connect(of.model, &RulesModel::moveWanted, this, &PrivacyPane::moveEntryTo);
    connect(of.table, &RulesTable::hitsWanted, this, [this](int row) {
        chooseRow(row);
        openHits();
    });
    connect(of.table, &RulesTable::removeWanted, this, &PrivacyPane::removeChosen);
    connect(of.table, &RulesTable::switchWanted, this, [this] { switchChosen(std::nullopt); });
    connect(of.table, &RulesTable::addWanted, m_bar, &PolicyBar::openAddMenu);
    connect(of.table, &RulesTable::editWanted, m_inspector, &RuleInspector::focusRule);
}

void PrivacyPane::connectInspector()
{
    connect(m_inspector, &RuleInspector::edited, this, &PrivacyPane::editRule);
    connect(m_inspector, &RuleInspector::guardrailEdited, this, &PrivacyPane::editGuardrail);
    connect(m_inspector, &RuleInspector::detectorWanted, this, [this](const QString &detect) {
        edit(tr("detector of a rule"), [place = m_rules.place, detect = utf8(detect)](Policy &policy) {
            if (place.rule >= 0 && place.rule < static_cast<int>(policy.rules.size()))
                setDetector(policy, policy.rules[static_cast<std::size_t>(place.rule)], detect);
        });
    });
    connect(m_inspector, &RuleInspector::kindWanted, this, [this](GuardrailKind kind) {
        edit(tr("kind of a guardrail"), [place = m_guardrails.place, kind](Policy &policy) {
            if (place.rule >= 0 && place.rule < static_cast<int>(policy.guardrails.size()))
                setKind(policy, policy.guardrails[static_cast<std::size_t>(place.rule)], kind);
        });
    });
    connect(m_inspector, &RuleInspector::callsWanted, this, &PrivacyPane::openHits);
    connect(m_inspector, &RuleInspector::removeWanted, this, &PrivacyPane::removeChosen);
    connect(m_inspector, &RuleInspector::switchWanted, this, &PrivacyPane::switchChosen);
    connect(m_inspector, &RuleInspector::renamed, this, &PrivacyPane::renamePolicyTo);
    connect(m_inspector, &RuleInspector::extendsWanted, this, [this](const QString &name) { edit(tr("what a policy extends"), [name = utf8(name)](Policy &policy) { policy.extends = name; }); });
    connect(m_inspector, &RuleInspector::openWanted, this, [this](const QString &pane, const QString &item) {
        if (pane == objectName())
            openItem(item);
        else
            view().openPane(pane, item);
    });
    connect(m_inspector, &RuleInspector::goToWanted, this, [this](RulePlace place) { // a copy: the inspector shows another one as the policy changes
        choosePolicy(place.policy);
        chooseRow(section().model->rowOf(place));
    });
    connect(m_inspector, &RuleInspector::saveWanted, this, &PrivacyPane::save);
}

// --- what is shown

const Policy *PrivacyPane::policy() const { return m_index >= 0 && m_index < static_cast<int>(policies().size()) ? &policies()[static_cast<std::size_t>(m_index)] : nullptr; }

bool PrivacyPane::editable() const { return policy() && policy()->origin != gateway::config::Origin::File; }

List PrivacyPane::list() const { return m_lists->current() == 0 ? List::Rules : List::Guardrails; }

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
    m_bar->show(m_draft.config(), m_index, list(), editable(), whyKept());
    refreshSection(List::Rules);
    refreshSection(List::Guardrails);
    showEmptiness();
    m_inspector->setVisible(policy() != nullptr);
    if (m_trialBox)
        m_trialBox->setVisible(policy() != nullptr);
    m_bar->setDryRun(m_dryRun && policy());
    m_refreshing = false;
    showChosen();
    if (m_try) {
        const auto tried = policy() ? std::optional(flattened(policies(), m_index)) : std::nullopt;
        m_try->setPolicy(tried);
        m_dryRun->setPolicy(tried);
    }
}

void PrivacyPane::refreshSection(List list)
{
    Section &of = list == List::Rules ? m_rules : m_guardrails;
    const auto &summary = m_findings->summary();
    of.model->show(rowsOf(m_draft.config(), m_index, list, m_draft.problems(), summary ? &*summary : nullptr), editable(), m_findings->problem());
    int row = of.model->rowOf(of.place);
    if (row < 0 && of.model->rowCount() > 0) {
        row = of.place.policy == m_index ? std::clamp(of.place.rule, 0, of.model->rowCount() - 1) : 0;
        of.place = of.model->placeAt(row);
    } else if (row < 0) {
        of.place = {};
    }
    of.table->choose(row);
}

void PrivacyPane::showEmptiness()
{
    const bool rules = list() == List::Rules;
    m_lists->setVisible(policy() != nullptr);
    const auto withCount = [](const QString &title, const RulesModel *model) { return model->rowCount() == 0 ? title : tr("%1 %2").arg(title, widgets::count(static_cast<std::uint64_t>(model->rowCount()))); };
    m_lists->setTabs({withCount(tr("Rules"), m_rules.model), withCount(tr("Guardrails"), m_guardrails.model)});
    const bool any = section().model->rowCount() > 0;
    m_pages->setCurrentIndex(!policy() ? NoPolicy : rules ? (any ? RulesPage : NoRules) : any ? GuardrailsPage : NoGuardrails);
}

void PrivacyPane::chooseList(List list) { m_lists->setCurrent(list == List::Rules ? 0 : 1); }

void PrivacyPane::chooseRow(int row)
{
    section().place = section().model->placeAt(row);
    section().table->choose(row);
    showChosen();
}

void PrivacyPane::showChosen()
{
    const Section &of = section();
    QString note = m_findings->problem();
    if (note.isEmpty() && m_findings->summary() && !m_findings->summary()->complete)
        note = tr("Counted from %1 on: there are more calls than are looked at.").arg(widgets::moment(m_findings->summary()->since, view().now()));
    m_inspector->show(m_index, list(), of.place, of.model->hitsAt(of.model->rowOf(of.place)), note);
}

void PrivacyPane::showHits()
{
    m_refreshing = true;
    refreshSection(List::Rules);
    refreshSection(List::Guardrails);
    m_refreshing = false;
    showChosen();
}

/// The calls of the last 24 hours in which the chosen one found something.
void PrivacyPane::openHits()
{
    const auto hits = section().model->hitsAt(section().model->rowOf(section().place));
    if (!policy() || !hits || hits->found() == 0)
        return;
    if (const bridge::RangeChoice &range = view().range(); !range.moving() || range.lastSeconds < FindingsReader::seconds)
        view().setRange({FindingsReader::seconds, {}, {}});
    view().openCalls(filterFor(qt(policy()->name), *hits));
}

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

// --- the window

void PrivacyPane::activated()
{
    refresh();
    if (!m_draft.config().fileSections.empty() || std::ranges::any_of(policies(), [](const Policy &entry) { return entry.origin == gateway::config::Origin::File; }))
        bridge::askFileOwner(gateway(), this, [this](const QString &file) { m_inspector->setFileName(file); });
    m_findings->setSeen(true);
    if (m_try)
        showTrial();
    takeKeys(focusTarget());
}

void PrivacyPane::deactivated()
{
    m_findings->setSeen(false);
    if (m_try)
        m_try->setActive(false);
}

void PrivacyPane::resizeEvent(QResizeEvent *event)
{
    Pane::resizeEvent(event);
    m_inspector->setFixedWidth(std::clamp(width() * 24 / 100, narrowestInspector, widestInspector));
}

QWidget *PrivacyPane::focusTarget() const { return section().table->isVisibleTo(this) ? static_cast<QWidget *>(section().table) : nullptr; }

QList<panes::PaletteEntry> PrivacyPane::paletteEntries()
{
    QList<panes::PaletteEntry> entries;
    entries << paletteAction(Icon::Plus, tr("New privacy policy"), {}, [this] { addPolicy(); });
    if (policy()) {
        entries << paletteAction(Icon::Shield, tr("Guardrails of a privacy policy"), {}, [this] {
            chooseList(List::Guardrails);
            takeKeys(focusTarget());
        });
    }
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
