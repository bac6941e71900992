// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/cache/threshold_card.h"

#include "ui/bridge/config_draft.h"
#include "ui/bridge/text.h"
#include "ui/panes/cache/similarity_view.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QComboBox>
#include <QHBoxLayout>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace ui::cache {

using bridge::qt;
using bridge::utf8;
using gateway::config::CacheMode;
using gateway::config::Config;
using gateway::config::Route;
using widgets::Button;
using widgets::Icon;
using widgets::Label;

namespace {

constexpr int sideWidth = 264;
constexpr double sameThreshold = 1e-6;

bool isSemantic(const Route &route) { return route.cache && route.cache->mode == CacheMode::Semantic; }

} // namespace

ThresholdCard::ThresholdCard(const panes::PaneContext &context, QWidget *parent)
    : Card(tr("Threshold"), tr("semantic hits by likeness"), parent), m_context(context), m_view(new SimilarityView), m_route(new QComboBox), m_hitRate(new Label(Label::Kind::Strong)), m_hitNote(new Label(Label::Kind::Note)),
      m_wrong(new Label(Label::Kind::Strong)), m_wrongNote(new Label(Label::Kind::Note)), m_own(new Label(Label::Kind::Note)), m_back(new Button(Icon::Undo, tr("Back"))), m_apply(new Button(Button::Kind::Primary, Icon::Check, tr("Apply"))), m_config(context.gateway->config())
{
    m_view->setObjectName(u"cache.likeness"_s);
    m_route->setObjectName(u"cache.likeness.route"_s);
    m_route->setAccessibleName(tr("Whose threshold"));
    m_route->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_hitRate->setObjectName(u"cache.preview.hitRate"_s);
    m_wrong->setObjectName(u"cache.preview.wrong"_s);
    m_hitNote->setObjectName(u"cache.preview.hitNote"_s);
    m_wrongNote->setObjectName(u"cache.preview.wrongNote"_s);
    m_apply->setObjectName(u"cache.threshold.apply"_s);
    m_back->setObjectName(u"cache.threshold.back"_s);
    m_back->setToolTip(tr("The line back to the threshold that holds"));
    addToHeader(m_route);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 12, 8);
    row->setSpacing(12);
    row->addWidget(m_view, 1);
    row->addWidget(makeSide());
    body()->addLayout(row, 1);
    connect(m_view, &SimilarityView::thresholdMoved, this, &ThresholdCard::showPreview);
    connect(m_back, &QPushButton::clicked, this, [this] {
        m_view->setThreshold(liveThreshold());
        showPreview();
    });
    connect(m_apply, &QPushButton::clicked, this, &ThresholdCard::apply);
    connect(m_route, &QComboBox::activated, this, [this] {
        showLive();
        Q_EMIT routeChanged();
    });
}

QWidget *ThresholdCard::makeSide()
{
    auto *side = new QWidget;
    side->setFixedWidth(sideWidth);
    auto *column = new QVBoxLayout(side);
    column->setContentsMargins(0, 4, 0, 4);
    column->setSpacing(2);
    for (Label *note : {m_hitNote, m_wrongNote, m_own})
        note->setWordWrap(true);
    column->addWidget(m_hitRate);
    column->addWidget(m_hitNote);
    column->addSpacing(6);
    column->addWidget(m_wrong);
    column->addWidget(m_wrongNote);
    column->addWidget(m_own);
    column->addStretch(1);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    buttons->addWidget(m_back);
    buttons->addWidget(m_apply);
    column->addLayout(buttons);
    return side;
}

std::string ThresholdCard::route() const { return utf8(m_route->currentData().toString()); }
double ThresholdCard::threshold() const { return m_view->threshold(); }

double ThresholdCard::liveThreshold() const
{
    const double common = m_config->cache.semantic.value_or(gateway::config::SemanticCache {}).threshold;
    const auto found = std::ranges::find(m_config->routes, route(), &Route::name);
    return found != m_config->routes.end() && found->cache ? found->cache->threshold.value_or(common) : common;
}

bool ThresholdCard::locked() const
{
    const auto found = std::ranges::find(m_config->routes, route(), &Route::name);
    return found != m_config->routes.end() ? found->origin == gateway::config::Origin::File : m_config->fileSections.contains("cache");
}

void ThresholdCard::setConfig(gateway::api::ConfigPtr config)
{
    m_config = std::move(config);
    const QString chosen = m_route->currentData().toString();
    m_route->clear();
    m_route->addItem(tr("All routes"), QString());
    for (const Route &route : m_config->routes) {
        if (isSemantic(route))
            m_route->addItem(qt(route.name), qt(route.name));
    }
    m_route->setCurrentIndex(std::max(0, m_route->findData(chosen)));
    showLive();
}

void ThresholdCard::setLikeness(const Likeness &likeness, std::vector<gateway::ThresholdRate> rates)
{
    m_likeness = likeness;
    m_rates = std::move(rates);
    m_view->setLikeness(m_likeness);
    showPreview();
}

void ThresholdCard::setCounts(std::function<Counts(const std::string &)> counts)
{
    m_counts = std::move(counts);
    showPreview();
}

/// The line goes where the threshold is that holds, unless that has not changed and the line was moved.
void ThresholdCard::showLive()
{
    const double live = liveThreshold();
    m_view->setLiveThreshold(live);
    if (live != m_shownLive || route() != m_shownRoute)
        m_view->setThreshold(live);
    m_shownLive = live;
    m_shownRoute = route();
    showPreview();
}

void ThresholdCard::showPreview()
{
    const double threshold = m_view->threshold();
    const Preview preview = previewOf(m_likeness, m_rates, m_counts ? m_counts(route()) : Counts {}, threshold);
    const Preview now = previewOf(m_likeness, m_rates, m_counts ? m_counts(route()) : Counts {}, liveThreshold());
    const bool moved = std::abs(threshold - liveThreshold()) > sameThreshold;
    const QString share = widgets::share(preview.hitShare);
    m_hitRate->setText(!preview.measured ? tr("Hit rate above %1").arg(share) : moved ? tr("Hit rate %1, now %2").arg(share, widgets::share(now.hitShare)) : tr("Hit rate %1").arg(share));
    m_hitNote->setText(!preview.measured ? tr("Questions less than %1 alike were misses and were not measured.").arg(thresholdText(m_likeness.measuredFrom)) : tr("exact hits too, of the calls in this range"));
    m_wrong->setText(tr("Wrong hits %1").arg(widgets::share(preview.wrongShare())));
    m_wrongNote->setText(preview.judged == 0 ? tr("None of these hits is judged yet.") : preview.judged == 1 ? tr("1 hit was judged") : tr("%1 of %2 that were judged").arg(widgets::count(preview.wrong), widgets::count(preview.judged)));
    const auto own = std::ranges::count_if(m_config->routes, [](const Route &route) { return isSemantic(route) && route.cache->threshold; });
    m_own->setVisible(route().empty() && own > 0);
    m_own->setText(own == 1 ? tr("1 route has a threshold of its own.") : tr("%1 routes have thresholds of their own.").arg(own));
    m_back->setEnabled(moved);
    m_apply->setEnabled(moved && !locked() && m_config->cache.semantic);
    m_apply->setText(moved ? tr("Apply %1").arg(thresholdText(threshold)) : tr("Apply"));
    m_apply->setToolTip(locked() ? tr("Set by the --config file, edit it there") : QString());
}

void ThresholdCard::apply()
{
    const std::string name = route();
    const double threshold = m_view->threshold();
    const QString text = name.empty() ? tr("Threshold is %1 now").arg(thresholdText(threshold)) : tr("Threshold of route %1 is %2 now").arg(qt(name), thresholdText(threshold));
    bridge::ConfigDraft::applyNow(*m_context.gateway, *m_context.view, text, [name, threshold](Config &config) {
        if (name.empty()) {
            if (config.cache.semantic)
                config.cache.semantic->threshold = threshold;
            return;
        }
        const auto found = std::ranges::find(config.routes, name, &Route::name);
        if (found != config.routes.end() && found->cache)
            found->cache->threshold = threshold;
    });
}

} // namespace ui::cache
