//! What a tenant's configuration decides about goods in M3.

/// How goods are moved (MMS850MI, MHS850MI). Every value stands for what is set up in the tenant, or for what no
/// public document confirms: try it in the tenant's test environment.
///
/// The partner's messages must wait until they are processed by hand or by program (MMS865, MMS867): lines are added
/// to a message one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoodsOptions {
    /// The partner that messages come from (E0PA, at most 17 characters), as set up in MMS865.
    pub partner: String,
    /// M3's own side of the partnership (E0PB, at most 17 characters). Messages are looked for by it: with a wrong
    /// one, M3 lists none and nothing is ever confirmed.
    pub own_partner: String,
    /// The message types (E065), by what is done.
    pub message_types: MessageTypes,
    /// Who is responsible for a requisition (RESP, at most 10 characters).
    pub responsible: String,
    /// The order type of a requisition (TRTP, 3 characters).
    pub order_type: String,
    /// The picking list suffix of a delivery (PLSX): that of an order's only or first picking list.
    pub picking_list: String,
    /// The process flag (PRFL) with which a message is processed; empty for the partner's own.
    pub process_flag: String,
    /// The supplier type (SUTY) of a receipt; 0 is the supplier itself.
    pub supplier_type: String,
    /// Statuses of a message, or of a line of it, in which the goods are moved.
    pub done: Vec<String>,
    /// Statuses in which M3 could not move them. A message id beside any other status counts as well; a status below
    /// 90 that is not listed is on its way.
    pub failed: Vec<String>,
    /// Message ids that mean that no message is there, besides those whose numbers end in 03.
    pub missing: Vec<String>,
    /// Message ids that mean that a purchase order or a sales order is not there.
    pub missing_orders: Vec<String>,
    /// How goods that leave without a sales order are issued.
    pub issue_as: IssueAs,
    /// The transaction reason (RSCD) of an adjustment that corrects a receipt downwards; empty for none. That a
    /// received quantity is taken back by an adjustment, and not on the purchase order, is this connector's choice:
    /// M3 has no transaction that receives less than nothing.
    pub correction_reason: String,
    /// The lowest status (PUSL) from which a purchase order's line takes no receipt any more.
    pub receipt_ends_at: u8,
    /// The statuses (ORST) between which a sales order's line can be delivered, the second one excluded.
    pub delivery_between: (u8, u8),
}

/// The message types (E065, at most 6 characters), as connected to the partner in MMS867.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageTypes {
    /// An adjustment of the stock (`MMS850MI AddAdjust`).
    pub adjustment: String,
    /// An issue by requisition (`MHS850MI AddDO`).
    pub requisition: String,
    /// A delivery for a sales order (`MHS850MI AddCOPick`).
    pub delivery: String,
    /// A receipt for a purchase order (`MHS850MI AddPOReceipt`).
    pub receipt: String,
}

/// How goods that leave without a sales order are issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IssueAs {
    /// By an adjustment: M3's accounting rules book it, by its reason.
    #[default]
    Adjustment,
    /// By a requisition, which is booked where the document says. What comes back is adjusted all the same.
    Requisition,
}

impl Default for GoodsOptions {
    fn default() -> Self {
        let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        Self {
            partner: "SHIPBOB".into(),
            own_partner: "M3".into(),
            message_types: MessageTypes::default(),
            responsible: "SHIPBOB".into(),
            order_type: "R01".into(),
            picking_list: "1".into(),
            process_flag: String::new(),
            supplier_type: "0".into(),
            done: texts(&["90"]),
            // As in the other batch interfaces, where 15, 25 and 35 are errors.
            failed: texts(&["15", "25", "35"]),
            missing: texts(&["XIM0002"]),
            missing_orders: texts(&["WOR0303", "WPU0803"]),
            issue_as: IssueAs::default(),
            correction_reason: String::new(),
            // 85: invoiced and closed.
            receipt_ends_at: 85,
            // From allocated (33) to delivered (66).
            delivery_between: (33, 66),
        }
    }
}

impl Default for MessageTypes {
    fn default() -> Self {
        Self {
            adjustment: "WMSADJ".into(),
            requisition: "WMSREQ".into(),
            delivery: "WMSCOP".into(),
            receipt: "WMSPOR".into(),
        }
    }
}
