// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/calls/bonds_view.h"

#include "ui/bridge/text.h"
#include "ui/panes/calls/call_columns.h"
#include "ui/panes/calls/call_tree_view.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/segmented_control.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QStackedLayout>

#include <array>

using namespace Qt::StringLiterals;

namespace ui::calls {
namespace {

using bridge::qt;
using gateway::Bond;
using gateway::BondFigures;

QString tokensOf(const BondFigures &figures) { return u"%1 → %2"_s.arg(widgets::count(figures.input), widgets::count(figures.output)); }
QString costOf(const BondFigures &figures) { return figures.unpriced == figures.calls && figures.calls > 0 ? widgets::unknownText() : widgets::money(figures.cost); }
QString tookOf(const BondFigures &figures) { return widgets::latency(std::chrono::duration_cast<std::chrono::microseconds>(figures.last - figures.first).count()); }

/// "12 calls, 3 failed, $0.0421, 1,204 → 300 tokens, in 2 m 3 s"
QString sumWords(const gateway::CallTree &tree)
{
    const BondFigures &figures = tree.figures;
    QStringList parts {tree.complete ? (figures.calls == 1 ? BondsView::tr("1 call") : BondsView::tr("%1 calls").arg(widgets::count(figures.calls))) : BondsView::tr("at least %1 calls").arg(widgets::count(figures.calls))};
    if (figures.failed > 0)
        parts.append(BondsView::tr("%1 failed").arg(widgets::count(figures.failed)));
    if (figures.refused > 0)
        parts.append(BondsView::tr("%1 refused").arg(widgets::count(figures.refused)));
    if (figures.cancelled > 0)
        parts.append(BondsView::tr("%1 left").arg(widgets::count(figures.cancelled)));
    parts.append(figures.unpriced > 0 && figures.unpriced < figures.calls ? BondsView::tr("%1 and %2 without a price").arg(costOf(figures), widgets::count(figures.unpriced)) : costOf(figures));
    parts.append(BondsView::tr("%1 tokens").arg(tokensOf(figures)));
    parts.append(BondsView::tr("in %1").arg(tookOf(figures)));
    if (tree.calls.size() < figures.calls)
        parts.append(BondsView::tr("the first %1 are shown").arg(widgets::count(tree.calls.size())));
    return parts.join(u", "_s);
}

} // namespace

void BondModel::setBonds(gateway::Bonds bonds, gateway::WallTime now)
{
    beginResetModel();
    m_bonds = std::move(bonds);
    m_now = now;
    endResetModel();
}

int BondModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(m_bonds.sums.size()); }
int BondModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : int(ColumnCount); }

QVariant BondModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || std::size_t(index.row()) >= m_bonds.sums.size())
        return {};
    const gateway::BondSum &sum = m_bonds.sums[std::size_t(index.row())];
    const bool figure = index.column() > Id && index.column() < Last;
    if (role == Qt::TextAlignmentRole)
        return int((figure ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == widgets::CellMono)
        return index.column() == Id;
    if (role == widgets::CellRoleColor)
        return index.column() == Failed && sum.figures.failed > 0 ? QVariant(int(widgets::Role::Err)) : QVariant();
    if (role == Qt::ToolTipRole)
        return index.column() == Id ? QVariant(qt(sum.id)) : index.column() == Last ? QVariant(widgets::dateTimeUtc(sum.figures.last)) : QVariant();
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Id: return qt(sum.id);
    case Calls: return widgets::count(sum.figures.calls);
    case Failed: return sum.figures.failed > 0 ? widgets::count(sum.figures.failed) : u"0"_s;
    case Cost: return costOf(sum.figures);
    case Tokens: return tokensOf(sum.figures);
    case Took: return tookOf(sum.figures);
    case Last: return widgets::moment(sum.figures.last, m_now);
    case Who: return sum.key.empty() ? widgets::unknownText() : qt(sum.key);
    default: return {};
    }
}

QVariant BondModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section > Id && section < Last ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const std::array<QString, ColumnCount> titles {tr("Id"), tr("Calls"), tr("Failed"), tr("Cost"), tr("Tokens"), tr("From first to last"), tr("Last"), tr("Key")};
    return titles[std::size_t(section)];
}

BondsView::BondsView(gateway::api::CallTools *tools, bridge::ViewContext *view, QWidget *parent) :
    QWidget(parent), m_tools(tools), m_view(view), m_model(new BondModel(this)), m_kind(new widgets::SegmentedControl({tr("Sessions"), tr("Traces")})), m_text(new widgets::Label(widgets::Label::Kind::Secondary)),
    m_title(new widgets::Label(widgets::Label::Kind::Strong)), m_sums(new widgets::Label(widgets::Label::Kind::Secondary)), m_list(new widgets::TableView), m_tree(new CallTreeView), m_empty(new widgets::EmptyState({})),
    m_banner(new widgets::SectionBanner), m_skeleton(new widgets::SkeletonView(24, this)), m_listPage(new QWidget), m_treePage(new QWidget), m_pages(new QStackedLayout)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_banner->setObjectName(u"calls.bondsBanner"_s);
    m_banner->addRetry();
    m_banner->hide();
    auto *banner = new QVBoxLayout;
    banner->setContentsMargins(16, 4, 16, 0);
    banner->addWidget(m_banner);
    column->addLayout(banner);
    column->addLayout(m_pages, 1);
    setUpList(m_listPage);
    setUpTree(m_treePage);
    m_pages->addWidget(m_listPage);
    m_pages->addWidget(m_treePage);
    m_skeleton->setObjectName(u"calls.bondsSkeleton"_s);
    m_skeleton->setAutoFillBackground(true);
    connect(m_banner, &widgets::SectionBanner::retried, this, [this] { showsTree() ? askTree() : askList(); });
    connect(m_skeleton, &widgets::SkeletonView::cancelled, this, [this] {
        cancel();
        showProblem({gateway::ErrorCode::Cancelled, "The question was cancelled."}, tr("Nothing was read"));
    });
}

void BondsView::setUpList(QWidget *page)
{
    m_kind->setObjectName(u"calls.bondKind"_s);
    m_kind->setSmall(true);
    m_text->setObjectName(u"calls.bondsText"_s);
    m_list->setObjectName(u"calls.bonds"_s);
    m_list->setAccessibleName(tr("Sessions and traces, newest first"));
    m_list->setModel(m_model);
    m_list->setAlternatingRowColors(true);
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->setColumnWidths({0, 64, 64, 90, 130, 130, 110, 150});
    m_list->installEventFilter(this);
    m_empty->setObjectName(u"calls.bondsEmpty"_s);
    m_empty->setPicture(false);
    auto *top = new QHBoxLayout;
    top->setContentsMargins(16, 6, 16, 6);
    top->setSpacing(12);
    top->addWidget(m_kind);
    top->addWidget(m_text, 1);
    auto *area = new QWidget;
    m_listStack = new QStackedLayout(area);
    m_listStack->addWidget(m_list);
    m_listStack->addWidget(m_empty);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(top);
    column->addWidget(area, 1);
    connect(m_kind, &widgets::SegmentedControl::currentChanged, this, [this](int kind) {
        m_bond = kind == 0 ? Bond::Session : Bond::Trace;
        m_model->setBonds({}, m_view->now());
        askList();
    });
    connect(m_list, &QAbstractItemView::clicked, this, [this](const QModelIndex &index) { open(index.row()); });
}

void BondsView::setUpTree(QWidget *page)
{
    auto *back = widgets::Button::iconOnly(widgets::Icon::Left, tr("All sessions and traces (Esc)"), this, widgets::Button::Kind::Flat);
    back->setObjectName(u"calls.treeBack"_s);
    back->setSmall(true);
    m_title->setObjectName(u"calls.treeTitle"_s);
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_sums->setObjectName(u"calls.treeSums"_s);
    m_sums->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto *calls = new widgets::Button(widgets::Icon::Filter, tr("Show as a list"));
    calls->setObjectName(u"calls.treeCalls"_s);
    calls->setSmall(true);
    auto *top = new QHBoxLayout;
    top->setContentsMargins(12, 6, 16, 6);
    top->setSpacing(8);
    top->addWidget(back);
    top->addWidget(m_title);
    top->addWidget(m_sums, 1);
    top->addWidget(calls);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(top);
    column->addWidget(m_tree, 1);
    connect(back, &QPushButton::clicked, this, [this] { this->back(); });
    connect(calls, &QPushButton::clicked, this, [this] { Q_EMIT callsWanted(fieldTerm(qt(gateway::toText(m_bond)), m_id), false); });
    connect(m_tree, &CallTreeView::callWanted, this, &BondsView::callWanted);
}

bool BondsView::showsTree() const { return m_pages->currentWidget() == m_treePage; }

void BondsView::begin(const QString &what)
{
    m_asking = true;
    m_skeleton->setGeometry(rect().adjusted(0, 68, 0, 0));
    m_skeleton->raise();
    m_skeleton->begin(what);
}

void BondsView::ask(const gateway::TimeRange &range, const gateway::CallFilter &filter)
{
    m_range = range;
    m_filter = filter;
    if (!showsTree())
        askList();
}

void BondsView::askList()
{
    begin(tr("Looking for sessions and traces"));
    gateway::BondsQuery query;
    query.range = m_range;
    query.filter = m_filter;
    query.bond = m_bond;
    m_tools->bonds(std::move(query), this, [this, generation = ++m_generation](gateway::Result<gateway::Bonds> bonds) {
        if (generation != m_generation)
            return;
        if (bonds)
            showBonds(std::move(*bonds));
        else
            showProblem(bonds.error(), tr("Cannot read sessions and traces"));
    });
}

void BondsView::askTree()
{
    begin(tr("Reading the calls"));
    gateway::TreeQuery query;
    query.bond = m_bond;
    query.id = bridge::utf8(m_id);
    m_tools->tree(std::move(query), this, [this, generation = ++m_generation](const gateway::Result<gateway::CallTree> &tree) {
        if (generation != m_generation)
            return;
        if (tree)
            showCalls(*tree);
        else
            showProblem(tree.error(), tr("Cannot show these calls"));
    });
}

void BondsView::cancel()
{
    ++m_generation;
    m_skeleton->end();
    if (std::exchange(m_asking, false))
        m_tools->cancel(this);
}

void BondsView::showProblem(const gateway::Error &problem, const QString &headline)
{
    m_asking = false;
    m_skeleton->end();
    m_banner->setContent(headline, qt(problem.message));
    m_banner->show();
}

void BondsView::showBonds(gateway::Bonds bonds)
{
    m_asking = false;
    m_skeleton->end();
    m_banner->hide();
    m_model->setBonds(std::move(bonds), m_view->now());
    const gateway::Bonds &shown = m_model->bonds();
    const QString number = widgets::count(shown.sums.size());
    const bool sessions = m_bond == Bond::Session;
    if (shown.complete)
        m_text->setText(sessions ? tr("%1 sessions among the calls found").arg(number) : tr("%1 traces among the calls found").arg(number));
    else
        m_text->setText(sessions ? tr("The newest %1 sessions, of calls since %2").arg(number, widgets::moment(shown.since, m_view->now())) : tr("The newest %1 traces, of calls since %2").arg(number, widgets::moment(shown.since, m_view->now())));
    m_empty->setSentence(sessions ? tr("No call found says which session it belongs to.") : tr("No call found came with a trace."));
    m_empty->setNote(sessions ? tr("Programs name it in the header <code>x-signalbox-session</code>.") : tr("Programs that trace send the header <code>traceparent</code>."));
    m_listStack->setCurrentWidget(shown.sums.empty() ? static_cast<QWidget *>(m_empty) : m_list);
}

void BondsView::showCalls(const gateway::CallTree &tree)
{
    m_asking = false;
    m_skeleton->end();
    m_banner->hide();
    m_tree->setTree(tree);
    m_sums->setText(sumWords(tree));
    m_sums->setToolTip(m_sums->text());
    if (!m_call.isEmpty())
        m_tree->choose(m_call);
    m_tree->setFocus();
}

void BondsView::showTree(Bond bond, const QString &id, const QString &call)
{
    m_bond = bond;
    m_kind->blockSignals(true);
    m_kind->setCurrent(bond == Bond::Session ? 0 : 1);
    m_kind->blockSignals(false);
    m_id = id;
    m_call = call;
    m_tree->clear();
    m_title->setText(bond == Bond::Session ? tr("Session %1").arg(id.size() > 40 ? id.left(38) + u'…' : id) : tr("Trace %1").arg(id));
    m_title->setToolTip(id);
    m_sums->setText({});
    m_banner->hide();
    m_pages->setCurrentWidget(m_treePage);
    askTree();
}

void BondsView::showList()
{
    m_banner->hide();
    m_pages->setCurrentWidget(m_listPage);
    askList();
}

bool BondsView::back()
{
    if (!showsTree())
        return false;
    showList();
    m_list->setFocus();
    return true;
}

void BondsView::open(int row)
{
    if (row >= 0 && std::size_t(row) < m_model->bonds().sums.size())
        showTree(m_bond, qt(m_model->bonds().sums[std::size_t(row)].id));
}

void BondsView::step(int by)
{
    if (showsTree()) {
        m_tree->step(by);
        return;
    }
    const int row = qBound(0, m_list->currentIndex().isValid() ? m_list->currentIndex().row() + by : 0, m_model->rowCount() - 1);
    m_list->setCurrentIndex(m_model->index(row, 0));
}

bool BondsView::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_list && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            open(m_list->currentIndex().row());
            return true;
        }
        if (key->modifiers() == Qt::NoModifier && (key->key() == Qt::Key_J || key->key() == Qt::Key_K)) {
            step(key->key() == Qt::Key_J ? 1 : -1);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace ui::calls
