// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/prompts/prompts_pane.h"

#include "gateway/api/prompt_tools.h"
#include "ui/bridge/file_owner.h"
#include "ui/bridge/text.h"
#include "ui/panes/draft_footer.h"
#include "ui/panes/prompts/diff_card.h"
#include "ui/panes/prompts/experiment_page.h"
#include "ui/panes/prompts/gap_splitter.h"
#include "ui/panes/prompts/playground.h"
#include "ui/panes/prompts/prompt_bar.h"
#include "ui/panes/prompts/prompt_tree.h"
#include "ui/panes/prompts/prompt_words.h"
#include "ui/panes/prompts/tests_page.h"
#include "ui/panes/prompts/version_editor.h"
#include "ui/panes/prompts/version_list.h"
#include "ui/widgets/card.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/search_field.h"
#include "ui/widgets/states.h"
#include "ui/widgets/tab_strip.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QResizeEvent>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::prompts {

namespace {

using bridge::qt;
using widgets::Button;
using widgets::Icon;
using widgets::Label;
using widgets::Role;

constexpr int barHeight = 44;
constexpr int narrowestTree = 160, widestTree = 200, narrowestVersions = 184, widestVersions = 248;
constexpr int sideBySideFrom = 700; ///< of the room for editor and diff: below it one takes the place of the other
constexpr int figuresEveryMs = 10'000;
constexpr int cardGap = 8, halvesGap = 12;
constexpr QStringView callPrefix = u"call:";

} // namespace

PromptsPane::PromptsPane(const panes::PaneContext &paneContext, QWidget *parent)
    : Pane(paneContext, parent), m_book(*paneContext.gateway), m_setup(*paneContext.gateway), m_bar(new PromptBar), m_tree(new PromptTree), m_versions(new VersionList), m_editor(new VersionEditor), m_diff(new DiffCard), m_tests(new TestsPage(paneContext.gateway->promptTools(), m_setup)),
      m_experiment(new ExperimentPage(m_setup)), m_footer(new panes::DraftFooter(m_setup, u"prompts.setup"_s)), m_modeTabs(new widgets::TabStrip({tr("Editor"), tr("Tests"), tr("Experiment")})), m_pages(new QStackedWidget), m_treePages(new QStackedWidget), m_modes(new QStackedWidget),
      m_texts(new GapSplitter(Qt::Horizontal, cardGap)), m_halves(new GapSplitter(Qt::Vertical, halvesGap)), m_search(new widgets::SearchField(tr("Find"))), m_empty(new widgets::EmptyState(tr("No prompts yet."))),
      m_noMatch(new widgets::EmptyState(tr("No prompt matches."))), m_unit(new Label(Label::Kind::Secondary)), m_labelWords(new Label(Label::Kind::Secondary)), m_trouble(new widgets::StateLabel), m_moveLabel(new Button(Icon::Tag, tr("Move label…")))
{
    setObjectName(u"prompts"_s);
    if (auto *tools = gateway().promptTools())
        m_playground = new Playground(*tools);
    auto *chosen = new QWidget;
    auto *row = new QHBoxLayout(chosen);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(makeVersions());
    row->addWidget(makeRight(), 1);
    m_pages->addWidget(chosen);
    m_empty->setObjectName(u"prompts.empty"_s);
    m_empty->setNote(m_playground ? tr("Keep what you ask models as versions that callers name. Begin with what a call asked, or press + for an empty one.") : tr("Keep what you ask models as versions that callers name."));
    m_empty->setAction(m_playground ? Icon::Calls : Icon::Plus, m_playground ? tr("Create from a logged call…") : tr("New prompt…"))->setObjectName(u"prompts.empty.action"_s);
    m_pages->addWidget(m_empty);
    auto *below = new QHBoxLayout;
    below->setSpacing(0);
    below->addWidget(makeTree());
    below->addWidget(m_pages, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bar);
    column->addLayout(below, 1);
    m_timer.setInterval(figuresEveryMs);
    setUpShortcuts();
    connectBar();
    connectParts();
    connectSetup();
    refreshRoutes();
    refreshAll();
}

PromptsPane::~PromptsPane() = default;

QWidget *PromptsPane::makeTree()
{
    m_treePanel = new widgets::Panel(Role::Surface, Qt::RightEdge);
    m_search->setObjectName(u"prompts.search"_s);
    m_search->setAccessibleName(tr("Find a prompt"));
    m_search->setMinimumWidth(60);
    auto *add = Button::iconOnly(Icon::Plus, tr("New prompt"));
    add->setObjectName(u"prompts.new"_s);
    if (m_playground) {
        auto *menu = new QMenu(add);
        menu->addAction(widgets::themedIcon(Icon::File), tr("New prompt…"), this, &PromptsPane::newPrompt)->setObjectName(u"prompts.new.empty"_s);
        menu->addAction(widgets::themedIcon(Icon::Calls), tr("From a logged call…"), this, [this] { importCall(); })->setObjectName(u"prompts.new.call"_s);
        connect(add, &QPushButton::clicked, this, [add, menu] { menu->popup(add->mapToGlobal(QPoint(0, add->height() + 2))); });
    } else {
        connect(add, &QPushButton::clicked, this, &PromptsPane::newPrompt);
    }
    auto *head = new widgets::Panel(Role::Surface, Qt::BottomEdge);
    head->setFixedHeight(barHeight);
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(12, 0, 12, 1);
    row->setSpacing(8);
    row->addWidget(m_search, 1);
    row->addWidget(add);
    m_noMatch->setPicture(false);
    m_noMatch->setAction(Icon::Close, tr("Clear search"), Button::Kind::Plain);
    m_treePages->addWidget(m_tree);
    m_treePages->addWidget(m_noMatch);
    auto *column = new QVBoxLayout(m_treePanel);
    column->setContentsMargins(0, 0, 1, 0);
    column->setSpacing(0);
    column->addWidget(head);
    column->addSpacing(4);
    column->addWidget(m_treePages, 1);
    return m_treePanel;
}

QWidget *PromptsPane::makeVersions()
{
    m_versionPanel = new widgets::Panel(Role::Surface, Qt::RightEdge);
    auto *head = new widgets::Panel(Role::Surface, Qt::BottomEdge);
    head->setFixedHeight(barHeight);
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(16, 0, 12, 1);
    row->addWidget(new Label(Label::Kind::Strong, tr("Versions")));
    row->addStretch(1);
    row->addWidget(m_unit);
    m_moveLabel->setObjectName(u"prompts.moveLabel"_s);
    m_moveLabel->setToolTip(tr("Publishes a version, or rolls back to it"));
    m_labelWords->setObjectName(u"prompts.labelWords"_s);
    m_labelWords->setWordWrap(true);
    m_trouble->setObjectName(u"prompts.trouble"_s);
    m_trouble->setWordWrap(true);
    m_trouble->hide();
    auto *foot = new QVBoxLayout;
    foot->setContentsMargins(16, 12, 12, 12);
    foot->setSpacing(8);
    foot->addWidget(m_trouble);
    foot->addWidget(m_moveLabel);
    foot->addWidget(m_labelWords);
    auto *column = new QVBoxLayout(m_versionPanel);
    column->setContentsMargins(0, 0, 1, 0);
    column->setSpacing(0);
    column->addWidget(head);
    column->addWidget(m_versions, 1);
    column->addWidget(new widgets::Divider(Qt::Horizontal));
    column->addLayout(foot);
    return m_versionPanel;
}

QWidget *PromptsPane::makeRight()
{
    m_modeTabs->setObjectName(u"prompts.modes"_s);
    auto *head = new widgets::Panel(Role::Surface);
    auto *headColumn = new QVBoxLayout(head);
    headColumn->setContentsMargins(0, 0, 0, 0);
    headColumn->addWidget(m_modeTabs);
    for (QWidget *page : std::initializer_list<QWidget *> {makeWriting(), m_tests, m_experiment})
        m_modes->addWidget(page);
    auto *right = new QWidget;
    auto *column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(head);
    column->addWidget(m_modes, 1);
    column->addWidget(m_footer);
    m_footer->hide();
    return right;
}

QWidget *PromptsPane::makeWriting()
{
    m_texts->addWidget(m_editor);
    m_texts->addWidget(m_diff);
    m_texts->setSizes({500, 500});
    m_diff->hide();
    m_editor->setMinimumHeight(150);
    m_editor->setMinimumWidth(200);
    m_diff->setMinimumWidth(200);
    m_halves->addWidget(m_texts);
    m_halves->setStretchFactor(0, 3);
    if (m_playground) {
        m_playground->setMinimumHeight(190);
        m_halves->addWidget(m_playground);
        m_halves->setStretchFactor(1, 2);
    }
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(16, 12, 16, 12);
    column->addWidget(m_halves);
    return page;
}

void PromptsPane::setUpShortcuts()
{
    const auto add = [this](const QKeySequence &keys, QWidget *where, const auto &work) {
        // Of the pane as a whole: what had the focus may just have been taken away.
        new QShortcut(keys, where, this, work, where == this ? Qt::WindowShortcut : Qt::WidgetWithChildrenShortcut);
    };
    add(QKeySequence(u"Ctrl+S"_s), this, [this] { save(); });
    add(QKeySequence(u"Ctrl+D"_s), this, [this] {
        if (prompt() && mode() == Write)
            m_bar->setDiffOpen(!m_bar->diffOpen());
    });
    add(QKeySequence(u"Ctrl+Z"_s), this, [this] { undo(); });
    add(QKeySequence(u"Ctrl+Y"_s), this, [this] { redo(); });
    add(QKeySequence(u"Ctrl+Shift+Z"_s), this, [this] { redo(); });
    add(QKeySequence(u"Ins"_s), m_tree, [this] { newPrompt(); });
    add(QKeySequence(u"F2"_s), m_tree, [this] { rename(); });
    add(QKeySequence(u"Del"_s), m_tree, [this] { removePrompt(); });
    for (const auto &key : {u"Ctrl+Return"_s, u"Ctrl+Enter"_s})
        add(QKeySequence(key), this, [this] { runOrStop(); });
}

void PromptsPane::connectBar()
{
    connect(m_bar, &PromptBar::codeWanted, this, &PromptsPane::useInCode);
    connect(m_bar, &PromptBar::diffToggled, this, &PromptsPane::showDiff);
    connect(m_bar, &PromptBar::saveWanted, this, &PromptsPane::save);
    connect(m_bar, &PromptBar::discardWanted, this, &PromptsPane::discard);
    connect(m_bar, &PromptBar::undoWanted, this, &PromptsPane::undo);
    connect(m_bar, &PromptBar::redoWanted, this, &PromptsPane::redo);
    connect(m_bar, &PromptBar::renameWanted, this, &PromptsPane::rename);
    connect(m_bar, &PromptBar::duplicateWanted, this, &PromptsPane::duplicate);
    connect(m_bar, &PromptBar::copyWanted, this, &PromptsPane::copyJson);
    connect(m_bar, &PromptBar::removeWanted, this, &PromptsPane::removePrompt);
}

void PromptsPane::connectParts()
{
    connect(m_tree, &PromptTree::chosen, this, &PromptsPane::choosePrompt);
    connect(m_versions, &VersionList::chosen, this, &PromptsPane::chooseVersion);
    connect(m_editor, &VersionEditor::edited, this, &PromptsPane::edit);
    connect(m_moveLabel, &QPushButton::clicked, this, &PromptsPane::moveLabel);
    connect(m_search, &widgets::SearchField::searchChanged, this, [this](const QString &text) {
        m_tree->setSearch(text);
        refreshTree();
    });
    connect(m_noMatch, &widgets::EmptyState::actionTriggered, m_search, &QLineEdit::clear);
    connect(m_empty, &widgets::EmptyState::actionTriggered, this, [this] { m_playground ? importCall() : newPrompt(); });
    connect(&m_book, &PromptBook::changed, this, &PromptsPane::refreshAll);
    connect(&m_book, &PromptBook::written, this, &PromptsPane::onWritten);
    connect(&m_book, &PromptBook::checked, this, [this](const std::string &identity) {
        if (identity != m_identity)
            return;
        m_editor->setProblems(m_book.problems(identity));
        refreshBar();
    });
    connect(&gateway(), &gateway::api::Gateway::configApplied, this, &PromptsPane::refreshRoutes);
    connect(&view(), &bridge::ViewContext::refreshRequested, this, [this] {
        if (active())
            askFigures();
    });
    connect(&view(), &bridge::ViewContext::rangeChanged, this, [this] {
        if (active())
            askFigures();
    });
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (view().live())
            askFigures();
    });
    if (!m_playground)
        return;
    connect(m_playground, &Playground::valuesChanged, this, [this] { m_editor->setMissing(m_playground->missing()); });
    connect(m_playground, &Playground::callWanted, this, [this](const QString &id) { view().openPane(u"calls"_s, id); });
}

// --- what is shown

const Prompt *PromptsPane::prompt() const { return m_book.find(m_identity); }

const PromptVersion *PromptsPane::version() const
{
    const Prompt *its = prompt();
    const PromptVersion *writing = m_book.writing(m_identity);
    if (!its || (m_shown == 0 && writing))
        return its ? writing : nullptr;
    const auto found = std::ranges::find(its->versions, m_shown, &PromptVersion::version);
    if (found != its->versions.end())
        return &*found;
    return writing ? writing : nullptr;
}

bool PromptsPane::showsWriting() const { return version() && version() == m_book.writing(m_identity); }

bool PromptsPane::locked() const
{
    const Prompt *its = prompt();
    return its && its->origin == gateway::config::Origin::File;
}

void PromptsPane::refreshTree()
{
    m_tree->show(m_book);
    m_treeWrites = m_book.writing(m_identity) != nullptr;
    const bool searching = !m_search->text().trimmed().isEmpty();
    m_treePages->setCurrentWidget(m_tree->promptCount() == 0 && searching ? static_cast<QWidget *>(m_noMatch) : m_tree);
}

void PromptsPane::refreshAll()
{
    if (!prompt()) { // the first, where the chosen one is gone
        const auto all = m_book.prompts();
        m_identity = all.empty() ? std::string() : PromptBook::identityOf(*all.front());
        m_shown = 0;
        m_tree->choose(m_identity);
        askFigures();
    }
    const Prompt *its = prompt();
    if (its && !version())
        m_shown = m_book.nextNumber(m_identity) - 1;
    refreshTree();
    m_tree->choose(m_identity);
    m_pages->setCurrentIndex(its ? 0 : 1);
    const bool anyOfFile = std::ranges::any_of(m_book.stored(), [](const Prompt &one) { return one.origin == gateway::config::Origin::File; });
    if (anyOfFile && m_fileOwner.isEmpty())
        bridge::askFileOwner(gateway(), this, [this](const QString &file) {
            m_fileOwner = file;
            refreshBar();
        });
    refreshVersion();
}

void PromptsPane::refreshVersion()
{
    const Prompt *its = prompt();
    const PromptVersion *shown = version();
    refreshBar();
    if (!its || !shown)
        return;
    const PromptVersion *writing = m_book.writing(m_identity);
    const std::int64_t next = m_book.nextNumber(m_identity);
    const bool own = m_figuresOf == m_identity;
    m_versions->show(*its, writing ? next : 0, own ? m_figures : std::vector<gateway::PromptFigures> {}, view().now());
    m_versions->choose(showsWriting() ? 0 : shown->version);
    const bool editable = !locked() && (showsWriting() || !writing);
    const std::int64_t from = m_book.writtenFrom(m_identity);
    const QString state = showsWriting() ? (from ? tr("v%1, from v%2; not saved").arg(next).arg(from) : tr("v%1; not saved").arg(next))
        : locked()                       ? tr("v%1, read-only").arg(shown->version)
        : writing                        ? tr("v%1, read-only; v%2 is being written").arg(shown->version).arg(next)
                                         : tr("v%1, read-only; typing starts v%2").arg(shown->version).arg(next);
    m_editor->show(*shown, state, editable);
    m_editor->setProblems(showsWriting() ? m_book.problems(m_identity) : std::vector<gateway::api::FieldError> {});
    if (m_diff->isVisibleTo(this))
        m_diff->show(*its, *shown, showsWriting());
    if (m_playground) {
        m_playground->show(m_identity, its->name, *shown, showsWriting() ? tr("v%1, not saved,").arg(next) : tr("v%1").arg(shown->version));
        m_editor->setMissing(m_playground->missing());
    }
    refreshLabels();
    refreshSetup();
}

QString PromptsPane::saveBlock() const
{
    const PromptVersion *writing = m_book.writing(m_identity);
    if (m_book.saving())
        return tr("Being saved");
    if (!writing)
        return tr("Nothing is written: type in the editor to begin the next version");
    if (!m_book.differs(m_identity))
        return tr("It says what v%1 says").arg(m_book.writtenFrom(m_identity));
    if (const QString problem = versionProblem(*writing); !problem.isEmpty())
        return problem;
    return m_book.valid(m_identity) ? QString() : firstProblem(m_book.problems(m_identity));
}

void PromptsPane::refreshBar()
{
    const Prompt *its = prompt();
    if (!its) {
        m_bar->showNothing();
        return;
    }
    const QUndoStack *steps = m_book.steps(m_identity);
    PromptBar::State state;
    state.writes = mode() == Write;
    state.name = qt(its->name);
    state.path = pathText(*its);
    state.lock = locked() ? (m_fileOwner.isEmpty() ? tr("the configuration file") : m_fileOwner) : QString();
    state.stored = !its->versions.empty();
    state.writing = m_book.writing(m_identity) != nullptr;
    state.next = m_book.nextNumber(m_identity);
    state.blocked = saveBlock();
    state.canUndo = steps && steps->canUndo();
    state.canRedo = steps && steps->canRedo();
    state.undoText = steps ? steps->undoText() : QString();
    state.redoText = steps ? steps->redoText() : QString();
    m_bar->show(state);
}

void PromptsPane::refreshLabels()
{
    const Prompt *its = prompt();
    m_moveLabel->setVisible(its && !its->versions.empty());
    m_moveLabel->setEnabled(!locked());
    const bool known = !m_figures.empty() && m_figuresOf == m_identity;
    m_unit->setText(known ? tr("score, $ a call") : QString());
    m_trouble->setVisible(!m_figuresProblem.isEmpty());
    if (!m_figuresProblem.isEmpty()) {
        m_trouble->setState(Icon::Error, Role::Err, tr("Scores and costs cannot be read."));
        m_trouble->setToolTip(m_figuresProblem);
    }
    const PromptVersion *usual = its ? gateway::config::findVersion(*its, {}) : nullptr;
    if (!usual) {
        m_labelWords->setText(tr("Nobody can ask for it before it is saved."));
        return;
    }
    const bool labelled = std::ranges::find(usual->labels, gateway::config::usualLabel) != usual->labels.end();
    QString words = labelled ? tr("Callers who name no version get v%1, by the label %2.").arg(usual->version).arg(qt(gateway::config::usualLabel)) : tr("Callers who name no version get the latest, v%1.").arg(usual->version);
    if (!its->experiment.empty())
        words = tr("An experiment shares out callers who name no version.");
    const auto figures = std::ranges::find(m_figures, usual->version, &gateway::PromptFigures::version);
    if (known && figures != m_figures.end())
        words += u' ' + tr("%1 calls, %2.").arg(widgets::count(figures->calls), toText(view().range()).toLower());
    if (labelled)
        words += u' ' + tr("Rollback is one label move.");
    m_labelWords->setText(words);
}

void PromptsPane::refreshRoutes()
{
    QStringList names;
    for (const auto &route : gateway().config()->routes)
        if (route.enabled && route.name.find('*') == std::string::npos)
            names << qt(route.name);
    m_editor->setRoutes(names);
    m_tests->setRoutes(names);
    if (m_playground)
        m_playground->setRoutes(names);
}

void PromptsPane::onWritten(const std::string &identity)
{
    if (identity != m_identity) {
        refreshTree();
        return;
    }
    const PromptVersion *writing = m_book.writing(identity);
    if (!writing && m_shown == 0) { // undone to where it began
        m_shown = m_begunAt;
        if (!version())
            m_shown = m_book.nextNumber(identity) - 1;
    }
    if ((writing != nullptr) != m_treeWrites)
        refreshTree();
    refreshVersion();
}

void PromptsPane::choosePrompt(const std::string &identity)
{
    if (identity == m_identity && version())
        return;
    m_identity = identity;
    m_shown = m_book.writing(identity) ? 0 : m_book.nextNumber(identity) - 1;
    m_treeWrites = m_book.writing(identity) != nullptr;
    m_figuresProblem.clear();
    refreshVersion();
    askFigures();
}

void PromptsPane::chooseVersion(std::int64_t number)
{
    m_shown = number;
    refreshVersion();
}

void PromptsPane::showDiff(bool open)
{
    m_diff->setVisible(open);
    arrange();
    if (open)
        refreshVersion();
}

void PromptsPane::arrange()
{
    if (!m_treePanel)
        return;
    const int tree = std::clamp(width() * 146 / 1000, narrowestTree, widestTree), versions = std::clamp(width() * 181 / 1000, narrowestVersions, widestVersions);
    const auto give = [](QWidget *panel, int least, int width) { // no fixed width: the window must be able to get smaller at once
        panel->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
        panel->setMinimumWidth(least);
        panel->setMaximumWidth(width);
    };
    give(m_treePanel, narrowestTree, tree);
    give(m_versionPanel, narrowestVersions, versions);
    m_editor->setVisible(!m_bar->diffOpen() || width() - tree - versions >= sideBySideFrom);
}

void PromptsPane::resizeEvent(QResizeEvent *event)
{
    Pane::resizeEvent(event);
    arrange();
}

void PromptsPane::askFigures()
{
    const Prompt *its = prompt();
    auto *tools = gateway().promptTools();
    m_figuresQuestion.reset(); // an answer about another prompt is of no use
    if (!its || !tools || its->versions.empty())
        return;
    m_figuresQuestion = std::make_unique<QObject>();
    tools->results(its->name, view().timeRange(), m_figuresQuestion.get(), [this, identity = m_identity](const gateway::Result<std::vector<gateway::PromptFigures>> &figures) {
        if (identity != m_identity)
            return;
        m_figuresProblem = figures ? QString() : qt(figures.error().message);
        if (figures) { // what was known before stays where it cannot be read
            m_figures = *figures;
            m_figuresOf = identity;
        }
        refreshVersion();
    });
}

void PromptsPane::activated()
{
    refreshAll();
    askFigures();
    m_timer.start();
    takeKeys(focusTarget());
}

void PromptsPane::deactivated() { m_timer.stop(); }
QWidget *PromptsPane::focusTarget() const { return m_tree; }
void PromptsPane::focusSearch() { m_search->setFocus(Qt::ShortcutFocusReason); }

void PromptsPane::openItem(const QString &item)
{
    if (item.startsWith(callPrefix)) {
        if (m_playground)
            importCall(item.mid(callPrefix.size()));
        return;
    }
    const std::string identity = m_book.byName(bridge::utf8(item));
    if (identity.empty())
        return;
    m_search->clear();
    m_tree->setSearch({});
    refreshTree();
    m_tree->choose(identity);
    choosePrompt(identity);
}

QList<panes::PaletteEntry> PromptsPane::paletteEntries()
{
    QList<panes::PaletteEntry> entries;
    entries << paletteAction(Icon::Plus, tr("New prompt…"), u"Ins"_s, [this] { newPrompt(); });
    if (m_playground)
        entries << paletteAction(Icon::Calls, tr("Create a prompt from a logged call…"), {}, [this] { importCall(); });
    if (prompt() && !prompt()->versions.empty() && !locked())
        entries << paletteAction(Icon::Tag, tr("Move a label of the chosen prompt…"), {}, [this] { moveLabel(); });
    return entries;
}

} // namespace ui::prompts
