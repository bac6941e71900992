// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/cache/entries_page.h"

#include "ui/bridge/text.h"
#include "ui/panes/cache/entries_model.h"
#include "ui/widgets/card.h"
#include "ui/widgets/dialog.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QShortcut>
#include <QSignalBlocker>
#include <QStackedWidget>

#include <memory>
#include <set>

using namespace Qt::StringLiterals;

namespace ui::cache {

using bridge::qt;
using bridge::utf8;
using gateway::AnswerFilter;
using gateway::api::CacheEntry;
using widgets::Button;
using widgets::Icon;
using widgets::Label;

namespace {

constexpr std::size_t mostListed = 1000; ///< a person reads no more, and the filter finds the others
constexpr int agesMs = 1000;
constexpr int barHeight = 44;

AnswerFilter only(const CacheEntry &entry)
{
    AnswerFilter filter;
    gateway::AnswerKey key {};
    if (gateway::KeyHasher::parse(entry.key, key))
        filter.key = key;
    return filter;
}

} // namespace

EntriesPage::EntriesPage(const panes::PaneContext &context, QWidget *parent)
    : QWidget(parent), m_context(context), m_model(new EntriesModel(this)), m_table(new widgets::TableView(widgets::RowHeight::List)), m_route(new QComboBox), m_modelBox(new QComboBox), m_count(new Label(Label::Kind::Secondary)),
      m_evictShown(new Button(Icon::Trash, tr("Evict all shown…"))), m_refresh(Button::iconOnly(Icon::Refresh, tr("List the answers again"))), m_selection(new widgets::SelectionBar), m_banner(new widgets::SectionBanner),
      m_skeleton(new widgets::SkeletonView(28)), m_empty(new widgets::EmptyState(tr("No answer is kept yet. The first call of a route that caches puts one here."))),
      m_noMatch(new widgets::EmptyState(tr("No kept answer is of this route and model."))), m_stack(new QStackedWidget)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeBar());
    column->addWidget(m_selection);
    auto *bannerRow = new QHBoxLayout;
    bannerRow->setContentsMargins(16, 0, 12, 0);
    bannerRow->addWidget(m_banner);
    column->addLayout(bannerRow);
    column->addWidget(makeTable(), 1);
    m_banner->setObjectName(u"cache.entries.banner"_s);
    m_banner->addRetry();
    m_banner->hide();
    auto *evictButton = m_selection->addAction(Icon::Trash, tr("Evict…"));
    evictButton->setObjectName(u"cache.evict"_s);
    evictButton->setKeyHint(u"Del"_s);
    connect(evictButton, &QPushButton::clicked, this, &EntriesPage::evictChosen);
    m_ages.setInterval(agesMs);
    connectParts();
}

QWidget *EntriesPage::makeBar()
{
    auto *bar = new widgets::Panel(widgets::Role::Surface, Qt::BottomEdge);
    bar->setFixedHeight(barHeight);
    m_route->setObjectName(u"cache.entries.route"_s);
    m_route->setAccessibleName(tr("Answers of this route"));
    m_modelBox->setObjectName(u"cache.entries.model"_s);
    m_modelBox->setAccessibleName(tr("Answers of this model"));
    for (QComboBox *box : {m_route, m_modelBox}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(14);
    }
    m_route->addItem(tr("All routes"), QString());
    m_modelBox->addItem(tr("All models"), QString());
    m_evictShown->setObjectName(u"cache.evictShown"_s);
    m_refresh->setObjectName(u"cache.entries.refresh"_s);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(16, 0, 12, 1);
    row->setSpacing(8);
    row->addWidget(m_route);
    row->addWidget(m_modelBox);
    row->addWidget(m_count, 1);
    row->addWidget(m_refresh);
    row->addWidget(m_evictShown);
    return bar;
}

QWidget *EntriesPage::makeTable()
{
    m_table->setObjectName(u"cache.entries"_s);
    m_table->setAccessibleName(tr("Kept answers"));
    m_table->setModel(m_model);
    m_table->setItemDelegate(new widgets::TextDelegate(m_table));
    m_table->setRowLines(true);
    m_table->setColumnWidths({120, 168, 0, 96, 64, 80, 80, 72, 80});
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(EntriesModel::Age, Qt::AscendingOrder);
    m_noMatch->setPicture(false);
    m_noMatch->setAction(Icon::Close, tr("Show all"), Button::Kind::Plain);
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_skeleton);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_noMatch);
    return m_stack;
}

void EntriesPage::connectParts()
{
    new QShortcut(Qt::Key_Delete, m_table, this, &EntriesPage::evictChosen, Qt::WidgetShortcut);
    connect(m_table, &QAbstractItemView::activated, this, &EntriesPage::openCall);
    connect(m_table, &QWidget::customContextMenuRequested, this, [this](const QPoint &at) {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        fillRowMenu(menu);
        menu->popup(m_table->viewport()->mapToGlobal(at));
    });
    const auto count = [this] { m_selection->setCount(static_cast<int>(chosen().size())); };
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, count);
    connect(m_model, &QAbstractItemModel::modelReset, this, count);
    connect(m_selection, &widgets::SelectionBar::cleared, m_table, &QAbstractItemView::clearSelection);
    connect(m_evictShown, &QPushButton::clicked, this, &EntriesPage::evictShown);
    connect(m_refresh, &QPushButton::clicked, this, &EntriesPage::ask);
    connect(m_banner, &widgets::SectionBanner::retried, this, &EntriesPage::ask);
    for (QComboBox *box : {m_route, m_modelBox})
        connect(box, &QComboBox::activated, this, &EntriesPage::ask);
    connect(m_noMatch, &widgets::EmptyState::actionTriggered, this, [this] {
        m_route->setCurrentIndex(0);
        m_modelBox->setCurrentIndex(0);
        ask();
    });
    connect(m_skeleton, &widgets::SkeletonView::cancelled, this, [this] {
        ++m_generation;
        showError(tr("The question was cancelled."));
    });
    connect(&m_ages, &QTimer::timeout, this, [this] { m_model->setNow(m_context.view->now()); });
}

void EntriesPage::setSeen(bool seen)
{
    if (!seen) {
        m_ages.stop();
        return;
    }
    m_ages.start();
    ask();
}

QWidget *EntriesPage::focusTarget() const { return m_table; }

AnswerFilter EntriesPage::shownFilter() const
{
    AnswerFilter filter;
    if (const QString route = m_route->currentData().toString(); !route.isEmpty())
        filter.route = utf8(route);
    if (const QString model = m_modelBox->currentData().toString(); !model.isEmpty())
        filter.model = utf8(model);
    return filter;
}

QString EntriesPage::shownWords() const
{
    QStringList words {m_route->currentData().toString(), m_modelBox->currentData().toString()};
    words.removeAll(QString());
    return words.join(u", "_s);
}

void EntriesPage::ask()
{
    if (!m_known) {
        m_skeleton->begin(tr("Listing the kept answers"));
        m_stack->setCurrentWidget(m_skeleton);
    }
    m_context.gateway->cacheTools()->entries(shownFilter(), mostListed, this, [this, generation = ++m_generation](const gateway::Result<std::vector<CacheEntry>> &answer) {
        if (generation != m_generation)
            return;
        if (answer)
            take(*answer);
        else
            showError(qt(answer.error().message));
    });
}

void EntriesPage::take(std::vector<CacheEntry> entries)
{
    std::set<std::string> kept;
    for (const CacheEntry &entry : chosen())
        kept.insert(entry.key);
    m_skeleton->end();
    m_known = true;
    m_lastGood = m_context.view->now();
    m_banner->hide();
    widgets::setDimmed(m_table, false);
    m_model->setEntries(std::move(entries), m_lastGood);
    for (const std::string &key : kept) {
        if (const int row = m_model->rowOf(key); row >= 0)
            m_table->selectionModel()->select(m_model->index(row, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
    }
    const bool filtered = m_route->currentIndex() > 0 || m_modelBox->currentIndex() > 0;
    m_stack->setCurrentWidget(m_model->rowCount() > 0 ? static_cast<QWidget *>(m_table) : filtered ? m_noMatch : m_empty);
    offerFilters();
    showCount();
}

void EntriesPage::showError(const QString &why)
{
    m_skeleton->end();
    m_banner->setContent(tr("The kept answers cannot be listed"), why, m_known ? tr("last good %1").arg(widgets::timeOfDay(m_lastGood)) : QString());
    m_banner->show();
    m_stack->setCurrentWidget(m_table);
    widgets::setDimmed(m_table, true);
}

void EntriesPage::showCount()
{
    const auto rows = static_cast<std::uint64_t>(m_model->rowCount());
    const std::uint64_t all = m_context.gateway->cacheTools()->state().entries;
    const bool more = rows == mostListed && all > rows;
    m_count->setText(more ? tr("the newest %1, of %2 in all").arg(widgets::count(rows), widgets::count(all)) : rows == 1 ? tr("1 answer") : tr("%1 answers").arg(widgets::count(rows)));
    m_evictShown->setEnabled(rows > 0);
    m_evictShown->setText(m_route->currentIndex() > 0 || m_modelBox->currentIndex() > 0 ? tr("Evict these…") : tr("Evict all…"));
}

/// Routes of the configuration, and whatever else answers are listed of; what is chosen stays.
void EntriesPage::offerFilters()
{
    const auto offer = [](QComboBox *box, const std::set<QString> &names) {
        const QString chosen = box->currentData().toString();
        for (const QString &name : names) {
            if (box->findData(name) < 0)
                box->addItem(name, name);
        }
        box->setCurrentIndex(std::max(0, box->findData(chosen)));
    };
    std::set<QString> routes, models;
    const auto config = m_context.gateway->config();
    for (const auto &route : config->routes) {
        if (route.cache)
            routes.insert(qt(route.name));
    }
    for (int row = 0; row < m_model->rowCount(); ++row) {
        routes.insert(qt(m_model->entry(row).route));
        models.insert(qt(m_model->entry(row).model));
    }
    offer(m_route, routes);
    offer(m_modelBox, models);
}

std::vector<CacheEntry> EntriesPage::chosen() const
{
    std::vector<CacheEntry> entries;
    const auto indexes = m_table->selectionModel()->selectedRows();
    for (const QModelIndex &index : indexes)
        entries.push_back(m_model->entry(index.row()));
    return entries;
}

void EntriesPage::fillRowMenu(QMenu *menu)
{
    const auto entries = chosen();
    menu->addAction(tr("Show the call that was answered"), this, &EntriesPage::openCall)->setEnabled(entries.size() == 1);
    menu->addSeparator();
    menu->addAction(tr("Evict…"), this, &EntriesPage::evictChosen)->setEnabled(!entries.empty());
    if (entries.size() != 1)
        return;
    const CacheEntry entry = entries.front();
    const auto hitsWhere = [this](const auto &wanted) {
        std::pair<std::uint64_t, std::uint64_t> sum;
        for (int row = 0; row < m_model->rowCount(); ++row) {
            if (!wanted(m_model->entry(row)))
                continue;
            ++sum.first;
            sum.second += m_model->entry(row).hits;
        }
        return sum;
    };
    menu->addAction(tr("Evict all of route %1…").arg(qt(entry.route)), this, [this, entry, hitsWhere] {
        const auto [answers, hits] = hitsWhere([&](const CacheEntry &one) { return one.route == entry.route; });
        AnswerFilter filter;
        filter.route = entry.route;
        confirm(tr("Evict all answers of route %1?").arg(qt(entry.route)), tr("Evict"), answers, hits, {filter});
    });
    menu->addAction(tr("Evict all of model %1…").arg(qt(entry.model)), this, [this, entry, hitsWhere] {
        const auto [answers, hits] = hitsWhere([&](const CacheEntry &one) { return one.model == entry.model; });
        AnswerFilter filter;
        filter.model = entry.model;
        confirm(tr("Evict all answers of model %1?").arg(qt(entry.model)), tr("Evict"), answers, hits, {filter});
    });
}

void EntriesPage::openCall()
{
    const auto entries = chosen();
    if (entries.size() == 1)
        m_context.view->openPane(u"calls"_s, qt(entries.front().callId));
}

// --- eviction

void EntriesPage::evictChosen()
{
    const auto entries = chosen();
    if (entries.empty())
        return;
    std::uint64_t hits = 0;
    std::vector<AnswerFilter> filters;
    for (const CacheEntry &entry : entries) {
        hits += entry.hits;
        if (AnswerFilter filter = only(entry); filter.key)
            filters.push_back(std::move(filter)); // without a key it would mean all
    }
    const QString title = entries.size() == 1 ? tr("Evict this answer?") : tr("Evict %1 answers?").arg(entries.size());
    confirm(title, tr("Evict"), entries.size(), hits, std::move(filters));
}

void EntriesPage::evictShown()
{
    std::uint64_t hits = 0;
    for (int row = 0; row < m_model->rowCount(); ++row)
        hits += m_model->entry(row).hits;
    const AnswerFilter filter = shownFilter();
    const bool all = !filter.route && !filter.model;
    const std::uint64_t answers = all ? m_context.gateway->cacheTools()->state().entries : static_cast<std::uint64_t>(m_model->rowCount());
    confirm(all ? tr("Evict all answers?") : tr("Evict all answers of %1?").arg(shownWords()), tr("Evict"), answers, hits, {filter});
}

void EntriesPage::confirm(const QString &title, const QString &button, std::uint64_t answers, std::uint64_t hits, std::vector<AnswerFilter> filters)
{
    auto *dialog = new widgets::ConfirmDialog(title, tr("Whoever asks the same again waits for the provider and pays for it. This cannot be undone."), button, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(u"cache.evictDialog"_s);
    dialog->addEffect(tr("Answers"), answers == mostListed ? tr("%1 or more").arg(widgets::count(answers)) : widgets::count(answers));
    dialog->addEffect(tr("Used"), hits == 0 ? tr("never") : hits == 1 ? tr("once") : tr("%1 times").arg(widgets::count(hits)));
    connect(dialog, &widgets::ConfirmDialog::confirmed, this, [this, filters = std::move(filters)] { evict(filters); });
    dialog->open();
}

void EntriesPage::evict(std::vector<AnswerFilter> filters)
{
    struct Sum
    {
        std::size_t waiting = 0;
        std::uint64_t gone = 0;
        QString problem {};
    };
    const auto sum = std::make_shared<Sum>(Sum {.waiting = filters.size()});
    for (AnswerFilter &filter : filters) {
        m_context.gateway->cacheTools()->purge(std::move(filter), gateway::api::EditNote(), this, [this, sum](const gateway::Result<std::uint64_t> &gone) {
            sum->gone += gone.value_or(0);
            if (!gone)
                sum->problem = qt(gone.error().message);
            if (--sum->waiting > 0)
                return;
            m_context.view->toast(!sum->problem.isEmpty() ? sum->problem : sum->gone == 1 ? tr("1 answer evicted") : tr("%1 answers evicted").arg(widgets::count(sum->gone)));
            m_table->clearSelection();
            ask();
        });
    }
}

} // namespace ui::cache
