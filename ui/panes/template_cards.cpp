// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/template_cards.h"

#include "ui/widgets/labels.h"
#include "ui/widgets/states.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace ui::panes {

using namespace widgets;

namespace {

constexpr QSize cardSize {200, 132};

} // namespace

TemplateCards::TemplateCards(const QString &sentence, const QString &prefix, const QList<Offer> &offers, QWidget *parent) : Panel(Role::Win, {}, parent)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(32, 32, 32, 32);
    column->addStretch(1);
    auto *empty = new EmptyState(sentence);
    empty->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    column->addWidget(empty);
    auto *row = new QHBoxLayout;
    row->setSpacing(12);
    row->addStretch(1);
    for (int i = 0; i < offers.size(); ++i) {
        const Offer &offer = offers.at(i);
        auto *card = new Card(offer.title);
        card->setFixedSize(cardSize);
        auto *words = new Label(Label::Kind::Secondary, offer.text);
        words->setWordWrap(true);
        words->setContentsMargins(12, 0, 12, 0);
        auto *use = new Button(i == 0 ? Button::Kind::Primary : Button::Kind::Plain, offer.icon, tr("Use this"));
        use->setObjectName(prefix + u'.' + offer.name);
        use->setAccessibleName(tr("Use %1").arg(offer.title));
        connect(use, &QPushButton::clicked, this, [this, i] { Q_EMIT wanted(i); });
        card->body()->addWidget(words);
        card->body()->addStretch(1);
        auto *buttonRow = new QHBoxLayout;
        buttonRow->setContentsMargins(12, 0, 12, 12);
        buttonRow->addWidget(use);
        buttonRow->addStretch(1);
        card->body()->addLayout(buttonRow);
        row->addWidget(card);
    }
    row->addStretch(1);
    column->addLayout(row);
    column->addStretch(2);
}

} // namespace ui::panes
