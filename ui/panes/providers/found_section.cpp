// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/providers/found_section.h"

#include "ui/bridge/text.h"
#include "ui/panes/providers/provider_words.h"
#include "ui/widgets/button.h"
#include "ui/widgets/card.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace ui::providers {

using namespace gateway::config;
using namespace widgets;

namespace {

class ServerSign final : public QWidget
{
public:
    ServerSign() { setFixedSize(20, 20); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paintIcon(&painter, Icon::Server, QRectF(0, 0, 20, 20), colorsOf(this).accent);
    }
};

QString hostAndPort(const std::string &url)
{
    const QUrl parsed(bridge::qt(url));
    return parsed.port() > 0 ? u"%1:%2"_s.arg(parsed.host()).arg(parsed.port()) : parsed.host();
}

/// The same machine by any of its names.
QString normalised(const QString &hostPort)
{
    QString text = hostPort;
    return text.replace(u"localhost"_s, u"127.0.0.1"_s);
}

const Provider *alreadyHere(const Config &config, const gateway::api::LocalProvider &found)
{
    const QString wanted = normalised(hostAndPort(found.baseUrl));
    for (const Provider &provider : config.providers) {
        const bool byUrl = !provider.baseUrl.empty() && normalised(hostAndPort(provider.baseUrl)) == wanted;
        if (byUrl || (provider.baseUrl.empty() && provider.kind == found.kind))
            return &provider;
    }
    return nullptr;
}

} // namespace

FoundSection::FoundSection(QWidget *parent) : QWidget(parent), m_note(new Label(Label::Kind::Secondary)), m_lines(new QVBoxLayout)
{
    setObjectName(u"providers.found"_s);
    auto *heading = new QHBoxLayout;
    heading->setSpacing(8);
    heading->addWidget(new Label(Label::Kind::Strong, tr("Found on this machine")));
    heading->addWidget(m_note);
    heading->addStretch(1);
    m_lines->setContentsMargins(0, 0, 0, 0);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 12);
    column->setSpacing(8);
    column->addLayout(heading);
    column->addLayout(m_lines);
}

void FoundSection::setAsked(const QString &when) { m_note->setText(when); }

void FoundSection::show(const std::vector<gateway::api::LocalProvider> &found, const Config &config)
{
    delete m_box;
    m_box = new QWidget;
    auto *column = new QVBoxLayout(m_box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    QList<QWidget *> later;
    for (const auto &one : found) {
        const QString address = hostAndPort(one.baseUrl);
        const Provider *here = alreadyHere(config, one);
        if (!one.answers || here) {
            const QString words = here ? tr("is already here as %1").arg(bridge::qt(here->name)) : tr("does not answer");
            later << new StateLabel(here ? Icon::Ok : Icon::Skipped, Role::Muted, tr("%1  %2  %3").arg(bridge::qt(one.title), address, words));
            continue;
        }
        auto *card = new Card;
        auto *row = new QHBoxLayout;
        row->setContentsMargins(12, 8, 12, 8);
        row->setSpacing(12);
        auto *titles = new QVBoxLayout;
        titles->setSpacing(0);
        auto *first = new QHBoxLayout;
        first->setSpacing(6);
        first->addWidget(new Label(Label::Kind::Strong, bridge::qt(one.title)));
        first->addWidget(new Label(Label::Kind::Mono, address));
        first->addStretch(1);
        QStringList models;
        for (const std::string &model : one.models)
            models << bridge::qt(model);
        auto *second = new Label(Label::Kind::Secondary, models.isEmpty() ? tr("no model loaded") : models.join(u", "_s));
        second->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        second->setToolTip(models.join(u'\n'));
        titles->addLayout(first);
        titles->addWidget(second);
        auto *add = new Button(Icon::Plus, tr("Add"));
        add->setObjectName(u"providers.found.add.%1"_s.arg(bridge::qt(one.kind)));
        add->setAccessibleName(tr("Add %1").arg(bridge::qt(one.title)));
        connect(add, &QPushButton::clicked, this, [this, one, config] {
            Provider provider;
            provider.name = freeProviderName(config, one.kind);
            provider.kind = one.kind;
            provider.baseUrl = one.baseUrl;
            for (const std::string &model : one.models) {
                ModelSettings settings;
                settings.id = model;
                provider.models.push_back(std::move(settings));
            }
            Q_EMIT addWanted(provider);
        });
        row->addWidget(new ServerSign);
        row->addLayout(titles, 1);
        row->addWidget(add);
        card->body()->addLayout(row);
        column->addWidget(card);
    }
    for (QWidget *line : later) {
        line->setContentsMargins(4, 0, 0, 0);
        column->addWidget(line);
    }
    m_lines->addWidget(m_box);
}

} // namespace ui::providers
