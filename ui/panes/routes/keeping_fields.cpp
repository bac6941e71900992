// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/routes/keeping_fields.h"

#include "ui/bridge/text.h"
#include "ui/panes/cache_words.h"
#include "ui/panes/policy_box.h"
#include "ui/panes/routes/form_parts.h"
#include "ui/widgets/button.h"
#include "ui/widgets/format.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QSignalBlocker>

using namespace Qt::StringLiterals;

namespace ui::routes {

using namespace gateway::config;
using namespace widgets;

namespace {

/// What the box of marks has for a choice: how long what is marked is kept, or that nothing is.
constexpr int noMarks = -1;

int choiceOf(const PromptCache &cache) { return cache.marks == CacheMarks::Auto ? int(cache.life) : noMarks; }

} // namespace

KeepingFields::KeepingFields(Change change, QWidget *parent) : QWidget(parent), m_change(std::move(change)), m_privacy(new QComboBox), m_cache(new QComboBox), m_marks(new QComboBox), m_ttl(new DurationField)
{
    auto *column = columnOf(this);
    FieldGrid grid(column);
    m_privacy->setObjectName(u"routes.inspector.privacy"_s);
    m_privacy->setToolTip(tr("The policy of calls whose key and team name none"));
    grid.add(tr("Privacy"), m_privacy);
    m_cache->setObjectName(u"routes.inspector.cache"_s);
    for (const CacheMode mode : {CacheMode::Off, CacheMode::Exact, CacheMode::Semantic})
        m_cache->addItem(panes::modeName(mode), int(mode));
    m_cache->setToolTip(tr("Whether answers are kept, to be given again to who asks the same"));
    grid.add(tr("Cache"), m_cache);
    m_ttl->setObjectName(u"routes.inspector.cacheTtl"_s);
    m_ttl->setPlaceholderText(setting(RouteCache {}.ttl));
    grid.add(tr("Kept for"), m_ttl);
    auto *more = new Button(Button::Kind::Link, Icon::Cache, tr("More of it in Cache"));
    more->setObjectName(u"routes.inspector.openCache"_s);
    more->setSmall(true);
    connect(more, &QPushButton::clicked, this, &KeepingFields::cacheWanted);
    m_marks->setObjectName(u"routes.inspector.cacheMarks"_s);
    m_marks->addItem(tr("As callers mark it"), noMarks);
    m_marks->addItem(tr("Marked, kept 5 minutes"), int(PromptLife::FiveMinutes));
    m_marks->addItem(tr("Marked, kept 1 hour"), int(PromptLife::OneHour));
    m_marks->setToolTip(tr("Anthropic’s own cache of what prompts begin with: marks are set where they pay and callers set none. Reading from it costs a tenth; writing a quarter more, for an hour twice as much"));
    grid.add(tr("Prompt cache"), m_marks);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(12, 0, 12, 8);
    row->addWidget(more);
    row->addStretch(1);
    column->addLayout(row);
    connect(m_privacy, &QComboBox::activated, this, [this] {
        m_change(tr("privacy policy of a route"), [name = bridge::utf8(m_privacy->currentData().toString())](Route &route) { route.privacy = name; }, {});
    });
    connect(m_cache, &QComboBox::activated, this, [this] {
        m_change(tr("cache of a route"), [mode = CacheMode(m_cache->currentData().toInt())](Route &route) {
            if (!route.cache && mode == CacheMode::Off)
                return;
            RouteCache cache = route.cache.value_or(RouteCache {});
            cache.mode = mode;
            route.cache = cache;
        }, {});
    });
    connect(m_marks, &QComboBox::activated, this, [this] {
        m_change(tr("prompt cache of a route"), [choice = m_marks->currentData().toInt()](Route &route) {
            route.promptCache.marks = choice == noMarks ? CacheMarks::Off : CacheMarks::Auto;
            if (choice != noMarks)
                route.promptCache.life = PromptLife(choice);
        }, {});
    });
    connect(m_ttl, &DurationField::valueChanged, this, [this] {
        m_change(tr("how long a route keeps answers"), [ttl = m_ttl->value().value_or(RouteCache {}.ttl)](Route &route) {
            if (route.cache && ttl.count() > 0)
                route.cache->ttl = ttl;
        }, u"cache ttl"_s);
    });
}

void KeepingFields::show(const Config &config, const Route &route, bool editable)
{
    const CacheMode mode = route.cache ? route.cache->mode : CacheMode::Off;
    panes::fillPolicies(m_privacy, config, route.privacy, tr("the usual one"));
    m_cache->setCurrentIndex(m_cache->findData(int(mode)));
    const auto ttl = route.cache && route.cache->ttl != RouteCache {}.ttl ? std::optional(route.cache->ttl) : std::nullopt;
    if (!m_ttl->hasFocus() || !isInvalid(m_ttl)) // what is being typed wrong stays to be mended
        m_ttl->setValue(ttl);
    m_marks->setCurrentIndex(m_marks->findData(choiceOf(route.promptCache)));
    setEditable({m_privacy, m_cache, m_marks, m_ttl}, editable);
    m_ttl->setEnabled(mode != CacheMode::Off);
}

} // namespace ui::routes
