// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/cache/review_page.h"

#include "ui/bridge/text.h"
#include "ui/panes/cache/question_pair.h"
#include "ui/panes/cache/review_model.h"
#include "ui/panes/savings_reader.h"
#include "ui/panes/cache/threshold_card.h"
#include "ui/widgets/card.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"
#include "ui/widgets/table_view.h"

#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QShortcut>
#include <QStackedWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::cache {

using bridge::qt;
using gateway::SemanticHit;
using gateway::Verdict;
using widgets::Icon;

namespace {

constexpr int pageSize = 500;
constexpr std::size_t mostHits = 2000; ///< a histogram of more looks the same, and nobody judges more
constexpr int thresholdHeight = 216, listWidth = 440;

} // namespace

ReviewPage::ReviewPage(const panes::PaneContext &context, SavingsReader &reader, QWidget *parent)
    : QWidget(parent), m_context(context), m_reader(reader), m_threshold(new ThresholdCard(context)), m_model(new ReviewModel(this)), m_table(new widgets::TableView(widgets::RowHeight::List)), m_pair(new QuestionPair),
      m_left(new widgets::Label(widgets::Label::Kind::Secondary)), m_banner(new widgets::SectionBanner), m_skeleton(new widgets::SkeletonView(28)), m_empty(new widgets::EmptyState({})), m_stack(new QStackedWidget)
{
    m_banner->setObjectName(u"cache.review.banner"_s);
    m_banner->addRetry();
    m_banner->hide();
    m_empty->setObjectName(u"cache.review.empty"_s);
    m_empty->setAction(Icon::Settings, tr("Open the settings"), widgets::Button::Kind::Plain);
    m_threshold->setFixedHeight(thresholdHeight);
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_threshold);
    column->addWidget(makeList(), 1);
    m_stack->addWidget(page);
    m_stack->addWidget(m_skeleton);
    m_stack->addWidget(m_empty);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(16, 12, 16, 12);
    outer->setSpacing(8);
    outer->addWidget(m_banner);
    outer->addWidget(m_stack, 1);
    connectParts();
    bindKeys();
}

QWidget *ReviewPage::makeList()
{
    auto *card = new widgets::Card(tr("Review"), tr("did the answer fit the question? You decide"));
    m_left->setObjectName(u"cache.review.left"_s);
    card->addToHeader(m_left);
    m_table->setObjectName(u"cache.review"_s);
    m_table->setAccessibleName(tr("Semantic hits"));
    m_table->setModel(m_model);
    m_table->setItemDelegate(new widgets::TextDelegate(m_table));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEdgePadding(12);
    m_table->setRowLines(true);
    m_table->setColumnWidths({100, 56, 72, 0, 112});
    m_table->setMinimumWidth(280);
    m_table->setMaximumWidth(listWidth * 2);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_table, 2);
    row->addWidget(new widgets::Divider(Qt::Vertical));
    row->addWidget(m_pair, 3);
    card->body()->addLayout(row, 1);
    return card;
}

void ReviewPage::connectParts()
{
    connect(m_banner, &widgets::SectionBanner::retried, this, &ReviewPage::ask);
    connect(m_empty, &widgets::EmptyState::actionTriggered, this, &ReviewPage::settingsWanted);
    connect(m_threshold, &ThresholdCard::routeChanged, this, &ReviewPage::ask);
    connect(m_skeleton, &widgets::SkeletonView::cancelled, this, [this] {
        ++m_generation;
        showError(tr("The question was cancelled."));
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ReviewPage::showChosen);
    connect(m_table, &QAbstractItemView::activated, m_pair, &QuestionPair::keptCallWanted);
    connect(m_pair, &QuestionPair::judged, this, &ReviewPage::judge);
    connect(m_pair, &QuestionPair::askedCallWanted, this, [this] {
        if (const SemanticHit *hit = chosen())
            m_context.view->openPane(u"calls"_s, qt(hit->callId));
    });
    connect(m_pair, &QuestionPair::keptCallWanted, this, [this] {
        if (const SemanticHit *hit = chosen())
            m_context.view->openPane(u"calls"_s, qt(hit->answerFrom));
    });
    connect(m_context.view, &bridge::ViewContext::rangeChanged, this, [this] {
        if (m_seen)
            Q_EMIT figuresWanted();
    });
    connect(&m_reader, &SavingsReader::changed, this, [this] {
        m_threshold->setCounts([bins = m_reader.bins()](const std::string &route) { return route.empty() ? totalOf(bins) : totalOf(bins, route); });
    });
}

void ReviewPage::bindKeys()
{
    for (const auto &[key, verdict] : {std::pair {Qt::Key_R, Verdict::Right}, {Qt::Key_W, Verdict::Wrong}, {Qt::Key_U, Verdict::Open}})
        new QShortcut(key, m_table, this, [this, verdict = verdict] { judge(verdict); }, Qt::WidgetShortcut);
}

void ReviewPage::setSeen(bool seen)
{
    m_seen = seen;
    if (!seen)
        return;
    ask();
    if (!m_reader.known() && !m_reader.waiting())
        Q_EMIT figuresWanted();
}

QWidget *ReviewPage::focusTarget() const { return m_table; }

void ReviewPage::setConfig(const gateway::api::ConfigPtr &config)
{
    const std::string before = m_threshold->route();
    m_threshold->setConfig(config);
    m_empty->setSentence(config->cache.semantic ? tr("No answer was given for likeness yet.") : tr("Semantic caching is off: only what is asked word by word alike is answered again."));
    if (m_threshold->route() != before && m_seen)
        ask();
}

// --- reading

void ReviewPage::ask()
{
    ++m_generation;
    m_coming.clear();
    if (!m_known) {
        m_skeleton->begin(tr("Reading the semantic hits"));
        m_stack->setCurrentWidget(m_skeleton);
    }
    askPage(0);
}

void ReviewPage::askPage(std::int64_t before)
{
    gateway::ReviewQuery query;
    query.route = m_threshold->route();
    query.before = before;
    query.limit = pageSize;
    m_context.gateway->cacheTools()->reviews(query, this, [this, generation = m_generation](const gateway::Result<gateway::ReviewPage> &answer) {
        if (generation != m_generation)
            return;
        if (!answer) {
            showError(qt(answer.error().message));
            return;
        }
        m_coming.insert(m_coming.end(), answer->hits.begin(), answer->hits.end());
        m_rates = answer->rates;
        if (answer->more && !answer->hits.empty() && m_coming.size() < mostHits)
            askPage(answer->hits.back().row);
        else
            take();
    });
}

/// After a verdict: the hits are known, what is measured is not.
void ReviewPage::askRates()
{
    gateway::ReviewQuery query;
    query.route = m_threshold->route();
    query.limit = 1;
    m_context.gateway->cacheTools()->reviews(query, this, [this, generation = m_generation](const gateway::Result<gateway::ReviewPage> &answer) {
        if (generation != m_generation || !answer)
            return;
        m_rates = answer->rates;
        showLikeness();
    });
}

void ReviewPage::take()
{
    m_skeleton->end();
    m_banner->hide();
    widgets::setDimmed(m_stack, false);
    m_known = true;
    m_lastGood = m_context.view->now();
    const SemanticHit *before = chosen();
    const std::int64_t id = before ? before->row : 0;
    m_model->setHits(std::move(m_coming), m_lastGood);
    m_coming.clear();
    const bool any = m_model->rowCount() > 0 || !m_threshold->route().empty();
    m_stack->setCurrentIndex(any ? 0 : 2);
    const int row = m_model->rowOf(id);
    if (m_model->rowCount() > 0)
        choose(row >= 0 ? row : std::max(0, m_model->nextOpen(-1)));
    showChosen();
    showLikeness();
}

void ReviewPage::showError(const QString &why)
{
    m_skeleton->end();
    m_banner->setContent(tr("The semantic hits cannot be read"), why, m_known ? tr("last good %1").arg(widgets::timeOfDay(m_lastGood)) : QString());
    m_banner->show();
    m_stack->setCurrentIndex(0);
    widgets::setDimmed(m_stack, true);
}

void ReviewPage::showLikeness()
{
    const auto &hits = m_model->hits();
    m_threshold->setLikeness(likenessOf(hits), m_rates);
    const auto open = std::ranges::count(hits, Verdict::Open, &SemanticHit::verdict);
    m_left->setText(hits.empty() ? QString() : open == 0 ? tr("all judged") : tr("%1 to judge").arg(widgets::count(static_cast<std::uint64_t>(open))));
}

const SemanticHit *ReviewPage::chosen() const
{
    const QModelIndex index = m_table->currentIndex();
    return index.isValid() && index.row() < m_model->rowCount() ? &m_model->hit(index.row()) : nullptr;
}

void ReviewPage::choose(int row)
{
    m_table->setCurrentIndex(m_model->index(row, 0));
    m_table->scrollTo(m_model->index(row, 0));
}

void ReviewPage::showChosen() { m_pair->setHit(chosen()); }

// --- verdicts

void ReviewPage::judge(Verdict verdict)
{
    const SemanticHit *hit = chosen();
    if (!hit || hit->verdict == verdict)
        return;
    m_pair->setBusy(true);
    write(hit->row, verdict, true);
}

void ReviewPage::write(std::int64_t id, Verdict verdict, bool undoable)
{
    const int row = m_model->rowOf(id);
    const Verdict before = row >= 0 ? m_model->hit(row).verdict : Verdict::Open;
    m_context.gateway->cacheTools()->judge(id, verdict, this, [this, id, verdict, before, undoable](const gateway::Result<SemanticHit> &answer) {
        if (!answer) {
            showChosen();
            m_context.view->toast(qt(answer.error().message));
            return;
        }
        m_model->replace(*answer);
        const int at = m_model->rowOf(id);
        const bool here = at >= 0 && at == m_table->currentIndex().row();
        const int next = verdict == Verdict::Open ? -1 : m_model->nextOpen(at);
        if (undoable && here && next >= 0)
            choose(next);
        showChosen();
        showLikeness();
        askRates();
        if (undoable)
            m_context.view->toast(tr("Hit judged: %1").arg(verdictName(verdict)), [this, id, before] { write(id, before, false); });
    });
}

} // namespace ui::cache
