// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/routes/card_item.h"

namespace ui::routes {

/// Start pill and end flag.
class EndItem final : public QGraphicsItem
{
public:
    EndItem(CanvasHost &host, const QRectF &where, const QString &routeName); ///< an empty name: the flag
    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

protected:
    void mousePressEvent(QGraphicsSceneMouseEvent *event) override;
    void mouseDoubleClickEvent(QGraphicsSceneMouseEvent *event) override;

private:
    CanvasHost &m_host;
    QRectF m_where;
    QString m_name;
};

/// A model of a provider.
class ModelItem final : public CardItem
{
public:
    using CardItem::CardItem;

protected:
    void paintNode(QPainter *painter, const widgets::ThemeColors &c) const override;
};

/// Another route: a frame in the frame, since another picture begins there.
class ReferenceItem final : public CardItem
{
public:
    using CardItem::CardItem;

protected:
    void paintNode(QPainter *painter, const widgets::ThemeColors &c) const override;
};

/// A `when`.
class DiamondItem final : public CardItem
{
public:
    using CardItem::CardItem;
    [[nodiscard]] QPainterPath shape() const override;

protected:
    void paintNode(QPainter *painter, const widgets::ThemeColors &c) const override;
};

/// A `limit`.
class OctagonItem final : public CardItem
{
public:
    using CardItem::CardItem;

protected:
    void paintNode(QPainter *painter, const widgets::ThemeColors &c) const override;
};

} // namespace ui::routes
