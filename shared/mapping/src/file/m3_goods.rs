//! How goods are moved in M3, as the tenant's installation is set up.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How goods are moved (MMS850MI, MHS850MI).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct M3Goods {
    /// The partner that messages come from (E0PA), as set up in MMS865.
    pub partner: String,
    /// M3's own side of the partnership (E0PB), by which messages are looked for.
    pub own_partner: String,
    /// The message type (E065) of an adjustment.
    pub adjustment: String,
    /// The message type of an issue by requisition.
    pub requisition: String,
    /// The message type of a delivery for a sales order.
    pub delivery: String,
    /// The message type of a receipt for a purchase order.
    pub receipt: String,
    /// How goods that leave without a sales order are issued.
    pub issue_as: IssueAs,
    /// Who is responsible for a requisition (RESP).
    pub responsible: String,
    /// The order type of a requisition (TRTP).
    pub requisition_type: String,
    /// The picking list suffix of a delivery (PLSX).
    pub picking_list: String,
    /// The process flag (PRFL); empty for the partner's own.
    pub process_flag: String,
    /// The supplier type (SUTY) of a receipt.
    pub supplier_type: String,
    /// The reason (RSCD) of an adjustment that takes a receipt back; empty for none.
    pub correction_reason: String,
    /// Statuses of messages and their lines in which the goods are moved.
    pub done: Vec<String>,
    /// Statuses in which M3 could not move them.
    pub failed: Vec<String>,
    /// The lowest status (PUSL) from which a purchase order's line takes no receipt any more (0 to 99).
    pub receipt_ends_at: u8,
    /// The lowest status (ORST) at which a sales order's line can be delivered (0 to 99).
    pub delivery_from: u8,
    /// The lowest status at which it cannot any more (0 to 99).
    pub delivery_ends_at: u8,
}

impl Default for M3Goods {
    fn default() -> Self {
        let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        Self {
            partner: "SHIPBOB".into(),
            own_partner: "M3".into(),
            adjustment: "WMSADJ".into(),
            requisition: "WMSREQ".into(),
            delivery: "WMSCOP".into(),
            receipt: "WMSPOR".into(),
            issue_as: IssueAs::default(),
            responsible: "SHIPBOB".into(),
            requisition_type: "R01".into(),
            picking_list: "1".into(),
            process_flag: String::new(),
            supplier_type: "0".into(),
            correction_reason: String::new(),
            done: texts(&["90"]),
            failed: texts(&["15", "25", "35"]),
            receipt_ends_at: 85,
            delivery_from: 33,
            delivery_ends_at: 66,
        }
    }
}

/// How goods that leave without a sales order are issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IssueAs {
    /// By an adjustment, which M3's accounting rules book by its reason.
    #[default]
    Adjustment,
    /// By a requisition, which is booked where the rules of the kind `issue` say.
    Requisition,
}
