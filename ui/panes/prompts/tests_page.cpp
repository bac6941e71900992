// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/tests_page.h"

#include "gateway/config/prompt_variables.h"
#include "ui/bridge/text.h"
#include "ui/panes/form_row.h"
#include "ui/panes/prompts/gap_splitter.h"
#include "ui/panes/prompts/prompt_book.h"
#include "ui/panes/prompts/prompt_words.h"
#include "ui/panes/prompts/test_answer.h"
#include "ui/panes/prompts/test_case_form.h"
#include "ui/widgets/dialog.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"

#include <nlohmann/json.hpp>

#include <QAction>
#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QShortcut>
#include <QSignalBlocker>
#include <QStackedWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::prompts {

using bridge::qt;
using bridge::utf8;
using gateway::config::Config;
using gateway::config::Prompt;
using gateway::config::PromptTestCase;
using gateway::config::PromptTestSet;
using widgets::Button;
using widgets::Icon;
using widgets::Label;

namespace {

constexpr int cardGap = 8, halvesGap = 12;
constexpr int caseWidth = 150, resultWidth = 176;
constexpr int fewColumns = 4; ///< beside which the cases take what is left
constexpr std::size_t mostVersions = 20, mostCalls = 2000; ///< of one run
constexpr std::chrono::minutes longestRun {30};

/// A name that none of them has: "case 3".
template <typename Range>
std::string freeName(const Range &taken, const QString &pattern)
{
    for (int i = 1;; ++i) {
        const std::string name = utf8(pattern.arg(i));
        if (std::ranges::none_of(taken, [&](const auto &one) { return one.name == name; }))
            return name;
    }
}

} // namespace

TestsPage::TestsPage(gateway::api::PromptTools *tools, bridge::ConfigDraft &draft, QWidget *parent)
    : QWidget(parent), m_tools(tools), m_draft(draft), m_sets(new QComboBox), m_route(new QComboBox), m_new(Button::iconOnly(Icon::Plus, tr("New test set"))), m_more(Button::iconOnly(Icon::More, tr("Rename or remove this test set"), nullptr, Button::Kind::Flat)),
      m_add(new Button(Icon::Plus, tr("Add case"))), m_choose(new Button(tr("Versions"))), m_start(new Button(Button::Kind::Primary, Icon::Play, tr("Run tests"))), m_menu(new QMenu(this)), m_versionMenu(new QMenu(this)), m_note(new Label(Label::Kind::Secondary)),
      m_pages(new QStackedWidget), m_none(new widgets::EmptyState(tr("No tests yet."))), m_noCase(new widgets::EmptyState(tr("This test set has no case."))), m_tables(new QStackedWidget), m_table(new widgets::TableView(widgets::RowHeight::Card)), m_model(new TestTable(this)),
      m_form(new TestCaseForm), m_answer(new TestAnswer)
{
    setObjectName(u"prompts.tests"_s);
    m_none->setObjectName(u"prompts.tests.none"_s);
    m_none->setNote(tr("A test set has cases: values, and what the answer has to be. Run over two versions, it shows what the newer one breaks."));
    m_first = m_none->setAction(Icon::Plus, tr("New test set"));
    m_first->setObjectName(u"prompts.tests.first"_s);
    auto *whole = new QWidget;
    auto *column = new QVBoxLayout(whole);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(8);
    column->addWidget(makeHead());
    auto *halves = new GapSplitter(Qt::Vertical, halvesGap);
    auto *details = new GapSplitter(Qt::Horizontal, cardGap);
    m_form->setMinimumWidth(180);
    m_answer->setMinimumWidth(180);
    details->addWidget(m_form);
    details->addWidget(m_answer);
    details->setSizes({500, 500});
    QWidget *results = makeTable();
    results->setMinimumHeight(120);
    details->setMinimumHeight(140);
    halves->addWidget(results);
    halves->addWidget(details);
    halves->setStretchFactor(0, 1);
    halves->setStretchFactor(1, 1);
    column->addWidget(halves, 1);
    auto *surface = new widgets::Panel;
    auto *surfaceColumn = new QVBoxLayout(surface);
    surfaceColumn->addWidget(m_none);
    m_pages->addWidget(whole);
    m_pages->addWidget(surface);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_pages);
    connectParts();
    setRoutes({});
    refresh();
}

QWidget *TestsPage::makeHead()
{
    m_sets->setObjectName(u"prompts.tests.set"_s);
    m_sets->setAccessibleName(tr("Test set"));
    m_sets->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_sets->setMinimumContentsLength(12);
    m_note->setObjectName(u"prompts.tests.note"_s);
    m_note->setMinimumWidth(40);
    m_note->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    for (const auto &[part, name] : std::initializer_list<std::pair<QWidget *, QString>> {{m_new, u"new"_s}, {m_more, u"more"_s}, {m_add, u"add"_s}, {m_choose, u"versions"_s}, {m_start, u"run"_s}, {m_route, u"route"_s}})
        part->setObjectName(u"prompts.tests."_s + name);
    m_start->setKeyHint(u"Ctrl+Enter"_s);
    if (!m_tools)
        m_start->hide();
    m_menu->addAction(widgets::themedIcon(Icon::Edit), tr("Rename…"), this, &TestsPage::renameSet)->setObjectName(u"prompts.tests.rename"_s);
    m_menu->addAction(widgets::themedIcon(Icon::Trash, widgets::Role::Err), tr("Remove"), this, &TestsPage::removeSet)->setObjectName(u"prompts.tests.remove"_s);
    auto *head = new QWidget;
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_sets);
    row->addWidget(m_new);
    row->addWidget(m_more);
    row->addWidget(m_note, 1);
    row->addWidget(m_start);
    return head;
}

QWidget *TestsPage::makeTable()
{
    auto *card = new widgets::Card(tr("Results"));
    m_choose->setTrailing(Icon::Down);
    m_choose->setSmall(true);
    m_choose->setToolTip(tr("The versions that are run"));
    m_add->setSmall(true);
    m_add->setToolTip(tr("Add a case (Ins)"));
    m_route->setAccessibleName(tr("Route that is asked"));
    m_route->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_route->setMinimumContentsLength(10);
    for (QWidget *widget : std::initializer_list<QWidget *> {m_add, m_choose, m_route})
        card->addToHeader(widget);
    m_table->setObjectName(u"prompts.tests.table"_s);
    m_table->setAccessibleName(tr("Cases and versions"));
    m_table->setModel(m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectItems);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setRowLines(true);
    m_table->setEdgePadding(12);
    m_noCase->setObjectName(u"prompts.tests.noCase"_s);
    m_noCase->setPicture(false);
    m_noCase->setAction(Icon::Plus, tr("Add case"), Button::Kind::Plain);
    m_tables->addWidget(m_table);
    m_tables->addWidget(m_noCase);
    card->body()->addWidget(m_tables, 1);
    return card;
}

void TestsPage::connectParts()
{
    connect(m_none, &widgets::EmptyState::actionTriggered, this, &TestsPage::newSet);
    connect(m_noCase, &widgets::EmptyState::actionTriggered, this, &TestsPage::newCase);
    connect(m_new, &QPushButton::clicked, this, &TestsPage::newSet);
    connect(m_more, &QPushButton::clicked, this, [this] { m_menu->popup(m_more->mapToGlobal(QPoint(0, m_more->height() + 2))); });
    connect(m_choose, &QPushButton::clicked, this, [this] {
        fillVersionMenu();
        m_versionMenu->popup(m_choose->mapToGlobal(QPoint(0, m_choose->height() + 2)));
    });
    connect(m_add, &QPushButton::clicked, this, &TestsPage::newCase);
    connect(m_start, &QPushButton::clicked, this, &TestsPage::runOrStop);
    connect(m_route, &QComboBox::activated, this, &TestsPage::refreshRun);
    connect(m_sets, &QComboBox::activated, this, [this](int index) {
        m_set = static_cast<std::size_t>(std::max(0, index));
        refresh();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &TestsPage::refreshCase);
    connect(&m_draft, &bridge::ConfigDraft::changed, this, &TestsPage::refresh);
    connect(&m_draft, &bridge::ConfigDraft::checked, this, &TestsPage::refreshCase);
    connect(m_form, &TestCaseForm::edited, this, [this](const QString &what, const TestCaseForm::Change &change, const QString &merge) {
        const auto row = static_cast<std::size_t>(std::max(0, m_table->currentIndex().row()));
        editSet(what, [row, &change](PromptTestSet &set) {
            if (row < set.cases.size())
                change(set.cases[row]);
        }, u"case %1 %2"_s.arg(row).arg(merge));
        Q_EMIT changed();
    });
    connect(m_answer, &TestAnswer::callWanted, this, &TestsPage::callWanted);
    const auto add = [this](const QKeySequence &keys, const auto &work) { new QShortcut(keys, m_table, this, work, Qt::WidgetShortcut); };
    add(u"Ins"_s, [this] { newCase(); });
    add(u"Del"_s, [this] { removeCase(); });
    add(u"F2"_s, [this] { m_form->focusName(); });
    connect(m_table, &QTableView::activated, this, [this] { m_form->focusName(); });
}

void TestsPage::show(const std::string &id, std::vector<TestTable::Column> versions, bool editable)
{
    if (id != m_id) {
        m_run.reset();
        m_set = 0;
        m_problem.clear();
    }
    m_id = id;
    m_versions = std::move(versions);
    m_editable = editable;
    refresh();
}

void TestsPage::setRoutes(const QStringList &names)
{
    const QString before = m_route->currentData().toString();
    const QSignalBlocker quiet(m_route);
    m_route->clear();
    m_route->addItem(tr("each version's own route"), QString());
    for (const QString &name : names)
        m_route->addItem(name, name);
    m_route->setCurrentIndex(std::max(0, m_route->findData(before)));
}

// --- what is shown

const Prompt *TestsPage::prompt() const
{
    const auto &prompts = m_draft.config().prompts;
    const auto found = m_id.empty() ? prompts.end() : std::ranges::find(prompts, m_id, &Prompt::id);
    return found == prompts.end() ? nullptr : &*found;
}

const PromptTestSet *TestsPage::set() const
{
    const Prompt *its = prompt();
    return its && m_set < its->testSets.size() ? &its->testSets[m_set] : nullptr;
}

std::string TestsPage::key() const { return set() ? m_id + '\n' + set()->name : std::string(); }

/// Where nobody has chosen: the newest, beside the one that callers get.
std::vector<TestTable::Column> TestsPage::chosenVersions() const
{
    const auto chosen = m_chosen.find(m_id);
    const auto isUsual = [](const TestTable::Column &column) { return std::ranges::find(column.version.labels, gateway::config::usualLabel) != column.version.labels.end(); };
    const auto usual = std::ranges::find_if(m_versions, isUsual);
    const std::size_t beside = usual == m_versions.end() || usual == m_versions.begin() ? 1 : static_cast<std::size_t>(usual - m_versions.begin());
    std::vector<TestTable::Column> columns;
    for (std::size_t i = 0; i < m_versions.size(); ++i)
        if (chosen == m_chosen.end() ? i == 0 || i == beside : chosen->second.contains(m_versions[i].version.version))
            columns.push_back(m_versions[i]);
    return columns;
}

void TestsPage::refresh()
{
    const Prompt *its = prompt();
    m_pages->setCurrentIndex(its && !its->testSets.empty() ? 0 : 1);
    m_first->setEnabled(its && m_editable);
    if (!its)
        return;
    m_set = std::min(m_set, its->testSets.empty() ? 0 : its->testSets.size() - 1);
    refreshSets(*its);
    const auto columns = chosenVersions();
    QStringList titles;
    for (const TestTable::Column &column : columns)
        titles << u"v%1"_s.arg(column.version.version);
    m_choose->setText(titles.isEmpty() ? tr("No version") : titles.size() <= 3 ? titles.join(u", "_s) : tr("%1 versions").arg(titles.size()));
    const PromptTestSet empty;
    const QModelIndex before = m_table->currentIndex();
    m_model->show(set() ? *set() : empty, columns);
    const auto outcomes = m_outcomes.find(key());
    m_model->setOutcomes(outcomes == m_outcomes.end() ? TestOutcomes {} : outcomes->second, running() && m_runs == key());
    if (const int count = m_model->columnCount(); count != m_columns) {
        m_columns = count;
        QList<int> widths {count <= fewColumns ? 0 : caseWidth};
        for (int i = 1; i < count; ++i)
            widths << resultWidth;
        m_table->setColumnWidths(widths);
    }
    m_tables->setCurrentWidget(m_model->rowCount() == 0 ? static_cast<QWidget *>(m_noCase) : m_table);
    if (!m_table->currentIndex().isValid() && m_model->rowCount() > 0) {
        const QSignalBlocker quiet(m_table->selectionModel());
        m_table->setCurrentIndex(m_model->index(std::clamp(before.row(), 0, m_model->rowCount() - 1), std::clamp(before.column(), 0, m_model->columnCount() - 1)));
    }
    refreshRun();
    refreshCase();
}

void TestsPage::refreshSets(const Prompt &prompt)
{
    QStringList names;
    for (const PromptTestSet &each : prompt.testSets)
        names << (each.cases.size() == 1 ? tr("%1, 1 case").arg(qt(each.name)) : tr("%1, %2 cases").arg(qt(each.name)).arg(each.cases.size()));
    const QSignalBlocker quiet(m_sets);
    if (names != m_setNames) {
        m_sets->clear();
        m_sets->addItems(names);
        m_setNames = names;
    }
    m_sets->setCurrentIndex(static_cast<int>(m_set));
    for (QWidget *part : std::initializer_list<QWidget *> {m_new, m_more, m_add})
        part->setEnabled(m_editable);
}

void TestsPage::fillVersionMenu()
{
    m_versionMenu->clear();
    std::set<std::int64_t> chosen;
    for (const TestTable::Column &column : chosenVersions())
        chosen.insert(column.version.version);
    for (const TestTable::Column &column : m_versions) {
        const std::int64_t number = column.version.version;
        const QString labels = bridge::qtList(column.version.labels).join(u", "_s);
        QAction *action = m_versionMenu->addAction(labels.isEmpty() ? column.title : u"%1 (%2)"_s.arg(column.title, labels));
        action->setCheckable(true);
        action->setChecked(chosen.contains(number));
        action->setEnabled(action->isChecked() || chosen.size() < mostVersions);
        connect(action, &QAction::toggled, this, [this, number, chosen](bool on) {
            std::set<std::int64_t> next = chosen;
            if (on)
                next.insert(number);
            else
                next.erase(number);
            m_chosen[m_id] = next;
            refresh();
        });
    }
}

void TestsPage::refreshRun()
{
    const std::size_t versions = chosenVersions().size(), cases = set() ? set()->cases.size() : 0, calls = versions * cases;
    m_start->setText(running() ? tr("Stop") : tr("Run tests"));
    m_start->setSymbol(running() ? Icon::Close : Icon::Play);
    const bool wrong = !m_form->typedWrong().isEmpty();
    m_start->setEnabled(running() || (calls > 0 && calls <= mostCalls && !wrong));
    m_note->setRole(m_problem.isEmpty() ? widgets::Role::Muted : widgets::Role::Err);
    m_note->setText(running()                ? tr("%1 of %2 calls are done").arg(m_done).arg(m_asked.size() * m_askedSet.cases.size())
                        : !m_problem.isEmpty() ? m_problem
                        : versions == 0        ? tr("Choose a version to run it over.")
                        : calls > mostCalls    ? tr("%1 calls are too many for one run; %2 at most.").arg(calls).arg(mostCalls)
                        : calls == 1           ? tr("one real call, in the log as a test")
                        : calls == 0           ? QString()
                                               : tr("%1 real calls, in the log as tests").arg(widgets::count(calls)));
    m_note->setToolTip(m_note->text());
}

void TestsPage::refreshCase()
{
    const QModelIndex at = m_table->currentIndex();
    const PromptTestCase *test = m_model->caseAt(at.row());
    QHash<QString, QString> problems;
    if (const Prompt *its = prompt(); its && test) {
        const auto place = its - m_draft.config().prompts.data();
        problems = panes::problemsBelow(m_draft.problems(), u"prompts[%1].test_sets[%2].cases[%3]"_s.arg(place).arg(m_set).arg(at.row()));
    }
    m_form->show(test, m_editable, problems);
    const auto state = test && at.column() > 0 ? m_model->stateAt(at) : TestTable::State::NotRun;
    m_answer->show(test ? m_model->outcomeAt(at) : nullptr, state, m_model->wordsOf(state));
    m_answer->setCell(test && at.column() > 0 ? u"%1, %2"_s.arg(qt(test->name), m_model->headerData(at.column(), Qt::Horizontal, Qt::DisplayRole).toString()) : QString());
    refreshRun();
}

QString TestsPage::typedWrong() const { return m_form->typedWrong(); }

// --- edits

void TestsPage::editSet(const QString &what, const std::function<void(PromptTestSet &)> &change, const QString &merge)
{
    if (!m_editable)
        return;
    m_draft.edit(what, [id = m_id, set = m_set, &change](Config &config) {
        const auto its = std::ranges::find(config.prompts, id, &Prompt::id);
        if (its != config.prompts.end() && set < its->testSets.size())
            change(its->testSets[set]);
    }, merge.isEmpty() ? merge : u"tests of %1 %2 %3"_s.arg(qt(m_id)).arg(m_set).arg(merge));
}

void TestsPage::askName(const QString &title, const QString &present, const std::function<void(const std::string &)> &done)
{
    auto *dialog = new widgets::Dialog(Icon::Check, widgets::Role::Accent, title, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(u"prompts.tests.nameDialog"_s);
    auto *name = new QLineEdit(present);
    name->setObjectName(u"prompts.tests.nameDialog.name"_s);
    name->setAccessibleName(tr("Test set's name"));
    name->setMinimumWidth(320);
    auto *why = new Label(Label::Kind::Secondary);
    why->setWordWrap(true);
    dialog->body()->addWidget(name);
    dialog->body()->addWidget(why);
    auto *cancel = dialog->addButton(Button::Kind::Plain, tr("Cancel"));
    auto *submit = dialog->addButton(Button::Kind::Primary, tr("Apply"));
    submit->setObjectName(u"prompts.tests.nameDialog.submit"_s);
    submit->setDefault(true);
    QStringList taken;
    if (const Prompt *its = prompt())
        for (const PromptTestSet &each : its->testSets)
            if (qt(each.name) != present)
                taken << qt(each.name);
    const auto check = [name, why, submit, taken] {
        const QString typed = name->text().trimmed(), problem = taken.contains(typed) ? tr("There is a test set of that name.") : nameProblem(typed);
        why->setText(problem);
        submit->setEnabled(problem.isEmpty());
    };
    connect(name, &QLineEdit::textChanged, dialog, check);
    connect(cancel, &QPushButton::clicked, dialog, &QDialog::reject);
    connect(submit, &QPushButton::clicked, this, [dialog, name, done] {
        const std::string given = utf8(name->text().trimmed());
        dialog->accept();
        done(given);
    });
    check();
    dialog->open();
    name->selectAll();
    name->setFocus();
}

void TestsPage::newSet()
{
    const Prompt *its = prompt();
    if (!its || !m_editable)
        return;
    askName(tr("New test set"), qt(freeName(its->testSets, u"tests-%1"_s)), [this](const std::string &name) {
        m_draft.edit(tr("new test set"), [id = m_id, name](Config &config) {
            if (const auto found = std::ranges::find(config.prompts, id, &Prompt::id); found != config.prompts.end())
                found->testSets.push_back({.name = name, .cases = {}});
        });
        if (const Prompt *now = prompt(); now && !now->testSets.empty())
            m_set = now->testSets.size() - 1;
        newCase();
    });
}

void TestsPage::renameSet()
{
    if (!set() || !m_editable)
        return;
    askName(tr("Rename test set"), qt(set()->name), [this](const std::string &name) {
        if (auto kept = m_outcomes.extract(key()); !kept.empty()) {
            kept.key() = m_id + '\n' + name;
            m_outcomes.insert(std::move(kept));
        }
        editSet(tr("name of a test set"), [name](PromptTestSet &its) { its.name = name; });
    });
}

void TestsPage::removeSet()
{
    if (!set() || !m_editable)
        return;
    m_draft.edit(tr("removed test set %1").arg(qt(set()->name)), [id = m_id, index = m_set](Config &config) {
        const auto its = std::ranges::find(config.prompts, id, &Prompt::id);
        if (its != config.prompts.end() && index < its->testSets.size())
            its->testSets.erase(its->testSets.begin() + static_cast<std::ptrdiff_t>(index));
    });
}

/// It begins with what the playground has for the variables, else with all of their names.
void TestsPage::newCase()
{
    if (!set() || !m_editable)
        return;
    const int row = static_cast<int>(set()->cases.size());
    nlohmann::ordered_json values = nlohmann::ordered_json::object();
    if (m_values)
        values = nlohmann::ordered_json::parse(m_values(), nullptr, false);
    if (!values.is_object())
        values = nlohmann::ordered_json::object();
    if (values.empty() && !m_versions.empty())
        for (const auto &variable : gateway::config::variablesOf(m_versions.front().version))
            if (variable.required)
                values[variable.name] = "";
    PromptTestCase test {.name = freeName(set()->cases, tr("case %1")), .variables = {values.empty() ? std::string() : values.dump()}, .matches = {}, .notMatches = {}, .schema = {}};
    editSet(tr("new case"), [&test](PromptTestSet &its) { its.cases.push_back(test); });
    m_table->setCurrentIndex(m_model->index(row, 0));
    m_form->focusName();
}

void TestsPage::removeCase()
{
    const int row = m_table->currentIndex().row();
    if (!m_model->caseAt(row))
        return;
    editSet(tr("removed case %1").arg(qt(m_model->caseAt(row)->name)), [row](PromptTestSet &its) {
        if (row < static_cast<int>(its.cases.size()))
            its.cases.erase(its.cases.begin() + row);
    });
}

// --- running

void TestsPage::runOrStop()
{
    if (running()) {
        m_run.reset();
        m_problem.clear();
        refresh();
        Q_EMIT changed();
        return;
    }
    if (!m_tools || !set() || !m_start->isEnabled())
        return;
    m_asked = chosenVersions();
    m_askedSet = *set();
    m_runs = key();
    m_done = 0;
    m_problem.clear();
    m_run = std::make_unique<QObject>();
    gateway::api::TestOrder order;
    order.name = prompt()->name;
    order.route = utf8(m_route->currentData().toString());
    order.set = m_askedSet;
    order.limit = longestRun;
    for (const TestTable::Column &column : m_asked)
        order.versions.push_back(column.version);
    refresh();
    Q_EMIT changed();
    m_tools->runTests(std::move(order), m_run.get(),
        [this](std::size_t done) {
            m_done = done;
            refreshRun();
        },
        [this](const gateway::Result<std::vector<gateway::api::TestResult>> &results) { take(results); });
}

void TestsPage::take(const gateway::Result<std::vector<gateway::api::TestResult>> &results)
{
    m_run.release()->deleteLater(); // it is the one that is being answered
    if (!results) {
        m_problem = qt(results.error().message);
    } else {
        TestOutcomes &outcomes = m_outcomes[m_runs];
        for (const gateway::api::TestResult &result : *results) {
            const auto column = std::ranges::find(m_asked, result.version, [](const TestTable::Column &one) { return one.version.version; });
            const auto test = std::ranges::find(m_askedSet.cases, result.testCase, &PromptTestCase::name);
            if (column != m_asked.end() && test != m_askedSet.cases.end())
                outcomes[{result.version, result.testCase}] = {result, *test, column->version};
        }
    }
    refresh();
    Q_EMIT changed();
}

} // namespace ui::prompts
